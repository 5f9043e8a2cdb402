import assert from "node:assert/strict";
import type { WorkerStatus } from "../../../views/mod.ts";
import { readStatus } from "./read_status.ts";

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

const worker: WorkerStatus = {
  kind: "worker",
  app: "counts",
  worker: "a-1",
  name: "a",
  host: "",
  process: 1,
  memberId: null,
  guarantee: "at-least-once",
  server: "http://127.0.0.1:1234",
  state: "running",
  startedMs: 0,
  atMs: 1,
  tasks: [{
    task: "0_0",
    state: "running",
    processed: 2,
    errors: 0,
    streamTimeMs: 5,
    inputs: [{ topic: "rides", partition: 0, lag: null, position: 7 }],
    nodes: {
      count: { received: 2, emitted: 1, dropped: { late: 1 }, late: { timestamp: 3, lateMs: 2 } },
    },
    rows: { trips: 1 },
  }],
  standbys: [{ task: "0_1", state: "restoring", lag: null, rows: { trips: 3 } }],
};

Deno.test("readStatus() reads what a worker wrote, and nothing more", () => {
  assert.deepEqual(readStatus(bytes({ ...worker, more: "x" })), worker);
});

Deno.test("readStatus() leaves alone what is no status, whatever it is", () => {
  const [task] = worker.tasks;
  for (
    const wrong of [
      null,
      7,
      "worker",
      [],
      {},
      { kind: "topology" },
      { ...worker, state: "<script>" },
      { ...worker, atMs: 1e300 },
      { ...worker, tasks: [null] },
      { ...worker, tasks: [{ ...task, processed: "2" }] },
      { ...worker, tasks: [{ ...task, nodes: { count: 1 } }] },
    ]
  ) assert.equal(readStatus(bytes(wrong)), undefined, JSON.stringify(wrong));
  assert.equal(readStatus(new Uint8Array([255, 0])), undefined);
});

Deno.test("readStatus() keeps names that mean something to JavaScript as plain names", () => {
  const text = JSON.stringify(worker).replace('"trips":1', '"__proto__":{"x":1}');
  assert.equal(readStatus(new TextEncoder().encode(text)), undefined);
  const fine = readStatus(
    new TextEncoder().encode(JSON.stringify(worker).replace('"trips":1', '"__proto__":1')),
  );
  assert.deepEqual(Object.keys((fine as WorkerStatus).tasks[0]!.rows), ["__proto__"]);
});
