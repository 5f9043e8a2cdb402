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

Deno.test("KnownApp keeps no status that is larger than a record may be, and 16 MB of all workers'", () => {
  const status = (worker: string, chars: number) =>
    new TextEncoder().encode(JSON.stringify({
      ...{ kind: "worker", app: "a", worker, name: worker, host: "x".repeat(chars), process: 1 },
      ...{ memberId: null, guarantee: "", state: "running", startedMs: 0, atMs: 1, tasks: [] },
    }));
  const app = new KnownApp(), now = { nowMs: 1, isNow: true };
  app.add("large", status("large", 1 << 20), now);
  for (let i = 0; i < 40; i++) app.add(`w${i}`, status(`w${i}`, 1_000_000), now);
  assert.equal(app.workers.length, 16);
  // Room that is given back is another's.
  for (let i = 0; i < 40; i++) app.add(`w${i}`, null, now);
  for (let i = 0; i < 40; i++) app.add("same", status("same", 1_000_000), now);
  assert.deepEqual(app.workers.map(({ status }) => status.name), ["same"]);
});
