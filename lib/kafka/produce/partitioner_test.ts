import assert from "node:assert/strict";
import { Partitioner } from "./partitioner.ts";

Deno.test("Partitioner.choose() gives records without a key to the partitions in turn, per topic", () => {
  const partitioner = new Partitioner();
  const turns = [0, 1, 2].map(() => partitioner.choose("a", null, 2));
  assert.deepEqual(turns, [0, 1, 0]);
  assert.equal(partitioner.choose("b", null, 2), 0);
});
