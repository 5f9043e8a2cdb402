import assert from "node:assert/strict";
import type { Snapshot } from "../contract.ts";
import { replicaGrid } from "./replica_grid.ts";

const topic = (name: string, more: object = {}) => ({
  ...{ topic: name, internal: false, leaders: [1], copies: [[1, 2, 3]], inSync: [[1, 2, 3]] },
  ...more,
});
const snapshot = (topics: readonly object[], more: object = {}) =>
  ({
    ...{ brokers: [1, 2, 3].map((broker) => ({ broker })), lost: [], topics },
    ...more,
  }) as unknown as Snapshot;

Deno.test("replicaGrid() puts partitions without a leader first, then those with a copy that is behind or away", () => {
  const { rows } = replicaGrid(snapshot([
    topic("well"),
    topic("moved", { leaders: [2] }),
    topic("behind", { inSync: [[1, 3]] }),
    topic("nobody", { leaders: [-1], inSync: [[]] }),
  ]));
  assert.deepEqual(rows.map((one) => one.topic), ["nobody", "behind", "moved", "well"]);
  assert.deepEqual(rows[1]?.roles, ["leads", "behind", "in sync"]);
});

Deno.test("replicaGrid() leaves internal topics out, and says how many partitions it does not show", () => {
  const many = Array.from({ length: 45 }, (_, at) => topic(`t${at}`));
  const { rows, others } = replicaGrid(snapshot([...many, topic("own", { internal: true })]));
  assert.deepEqual([rows.length, others], [40, 5]);
});
