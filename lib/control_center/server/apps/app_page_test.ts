import assert from "node:assert/strict";
import { STALE_MS } from "../../../views/mod.ts";
import { appLine, type AppMoment, appPage } from "./app_page.ts";
import { KnownApp } from "./known_app.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

function status(count: number, more: object = {}) {
  const nodes = { late: { received: count, emitted: 0, dropped: { late: count, filtered: 9 } } };
  const inputs = [{ topic: "rides", partition: 0, lag: 3 }];
  const task = { task: "0_0", state: "running", processed: count, errors: 0, streamTimeMs: 1 };
  return bytes({
    kind: "worker",
    app: "counts",
    worker: "a-1",
    name: "a",
    host: "",
    process: 1,
    memberId: "m",
    guarantee: "at-least-once",
    state: "running",
    startedMs: 0,
    atMs: 1_000,
    tasks: [{ ...task, inputs, nodes, rows: { trips: 1 } }],
    standbys: [{ task: "0_1", state: "running", lag: 2, rows: { trips: 4 } }],
    ...more,
  });
}

function known(): KnownApp {
  const app = new KnownApp();
  app.add("a-1", status(5), { nowMs: 1_000, isNow: false });
  app.add("a-1", status(7), { nowMs: 1_000, isNow: true });
  app.add("a-1", status(17), { nowMs: 2_000, isNow: true });
  return app;
}

const at = (nowMs: number, group?: AppMoment["group"]): AppMoment => ({ nowMs, group });
const empty = {
  group: "counts",
  protocol: "classic" as const,
  state: "Empty",
  members: [],
  lag: 4,
  lags: [],
};

Deno.test("appLine() sums up what workers say, and lets rates end with the records", () => {
  const { state, workers, late, perSecond } = appLine("counts", known(), at(3_000));
  assert.deepEqual({ state, workers, late, perSecond }, {
    state: "running",
    workers: 1,
    late: 17,
    perSecond: 5,
  });
  assert.equal(appLine("counts", known(), at(9_000)).perSecond, 0);
});

const member = {
  member: "a",
  memberId: "m",
  group: "counts",
  generation: 1,
  atMs: 0,
  partitions: [],
};
const joined = { ...empty, state: "Stable", members: [member] };

Deno.test("appLine() tells a worker that fell silent from one that has nothing to say, and from one that stopped", () => {
  assert.equal(appLine("counts", known(), at(2_000 + STALE_MS, joined)).state, "running");
  assert.equal(appLine("counts", known(), at(2_001 + STALE_MS, joined)).state, "gone");
  assert.equal(appLine("counts", known(), at(6_000, empty)).state, "gone");
  assert.equal(appLine("counts", known(), at(4_000_000, empty)).state, "stopped");
  const stopped = known();
  stopped.add("a-1", null, { nowMs: 3_000, isNow: true });
  assert.equal(appLine("counts", stopped, at(6_000, empty)).state, "stopped");
});

Deno.test("appPage() goes on counting when a task is opened elsewhere, and puts late records first", () => {
  const app = known();
  app.add("a-1", status(2), { nowMs: 3_000, isNow: true });
  assert.equal(app.rates.perSecond("processed", 3_000), 6);
  assert.deepEqual(appPage("counts", app, at(3_000)).drops.map(({ reason }) => reason), [
    "late",
    "filtered",
  ]);
});
