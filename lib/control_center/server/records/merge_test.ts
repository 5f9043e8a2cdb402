import assert from "node:assert/strict";
import { TimeMerge } from "./merge.ts";

const at = (partition: number, timestamp: number, offset = timestamp) => ({
  ...{ topic: "t", partition, timestamp, offset, key: null, value: null, headers: [] },
});

Deno.test("TimeMerge gives old records of one partition before new ones of another, over several pages", () => {
  const merge = new TimeMerge([0, 1]);
  for (let ms = 0; ms < 50; ms++) merge.add(at(0, ms));
  for (let ms = 1_000; ms < 1_050; ms++) merge.add(at(1, ms, ms - 1_000));
  assert.deepEqual(merge.take(100).map(({ partition }) => partition), Array(50).fill(0));
  assert.deepEqual([...merge.waiting()], [[1, 0]], "what is not shown is where reading goes on");
});

Deno.test("TimeMerge keeps the order of offsets within a partition, whatever their times", () => {
  const merge = new TimeMerge([0]);
  for (const [ms, offset] of [[5, 0], [1, 1], [9, 2]] as const) merge.add(at(0, ms, offset));
  merge.isThere(0, true);
  assert.deepEqual(merge.take(2).map(({ offset }) => offset), [0, 1]);
  assert.deepEqual([...merge.waiting()], [[0, 2]]);
});

Deno.test("TimeMerge goes on past records that a filter leaves out, and waits for a partition not read yet", () => {
  const merge = new TimeMerge([0, 1]);
  merge.add(at(1, 7));
  assert.deepEqual(merge.take(9), []);
  merge.pass(at(0, 8));
  assert.deepEqual(merge.take(9).map(({ timestamp }) => timestamp), [7]);
});

Deno.test("TimeMerge counts what it passed over once, and only before what still waits", () => {
  const merge = new TimeMerge([0]);
  merge.passHollow(0, 2);
  merge.pass(at(0, 1));
  merge.add(at(0, 2));
  merge.pass(at(0, 3));
  assert.deepEqual(merge.takeSkipped(), { unmatched: 1, hollow: 2 });
  merge.isThere(0, true);
  merge.take(1);
  assert.deepEqual(merge.takeSkipped(), { unmatched: 1, hollow: 0 });
});
