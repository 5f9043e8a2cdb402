import assert from "node:assert/strict";
import { KnownApp } from "./known_app.ts";

Deno.test("KnownApp builds the counters of a task once, however many there are", () => {
  let built = 0;
  const nodes = Object.fromEntries(
    Array.from({ length: 500 }, (_, at) => [`n${at}`, { received: 1, emitted: 1, dropped: {} }]),
  );
  const status = (count: number) =>
    new TextEncoder().encode(JSON.stringify({
      kind: "worker",
      app: "a",
      worker: "w",
      name: "w",
      host: "",
      process: 1,
      memberId: null,
      guarantee: "",
      state: "running",
      startedMs: 0,
      atMs: count,
      tasks: Array.from({ length: 9 }, (_, at) => ({
        task: `0_${at}`,
        state: "running",
        processed: count,
        errors: 0,
        streamTimeMs: 0,
        inputs: [],
        rows: {},
        nodes,
      })),
    }));
  const app = new KnownApp();
  app.add("w", status(1), { nowMs: 1, isNow: true });
  const { entries } = Object;
  Object.entries = ((of: object) => {
    built++;
    return entries(of);
  }) as typeof Object.entries;
  try {
    app.add("w", status(3), { nowMs: 1_001, isNow: true });
  } finally {
    Object.entries = entries;
  }
  // Reading a status looks into each node; counting looks at each task before and after: not at each for each.
  assert.ok(built < 9 * 500 * 1.5, `${built} looks into objects`);
  assert.equal(app.rates.perSecond("processed", 1_001), 18);
});
