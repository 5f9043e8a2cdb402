import assert from "node:assert/strict";
import { inTurn } from "./partitioner.ts";

Deno.test("inTurn() gives records without a key to the partitions in turn, per topic", () => {
  const choose = inTurn(), record = { topic: "a", key: null, value: null, partitions: 2 };
  assert.deepEqual([0, 1, 2].map(() => choose(record)), [0, 1, 0]);
  assert.equal(choose({ ...record, topic: "b" }), 0);
});
