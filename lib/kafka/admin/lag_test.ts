import assert from "node:assert/strict";
import { lagOf } from "./lag.ts";

const at = (partition: number, offset: number) => ({ topic: "t", partition, offset });

Deno.test("lagOf() counts from the commit to the end", () => {
  const [lag] = lagOf({ committed: [at(0, 7)], begin: [at(0, 0)], end: [at(0, 10)] });
  assert.deepEqual(lag, { topic: "t", partition: 0, committed: 7, end: 10, lag: 3, member: null });
});

Deno.test("lagOf() counts everything that is left where nothing is committed", () => {
  const [lag] = lagOf({ committed: [], begin: [at(0, 4)], end: [at(0, 10)] });
  assert.deepEqual([lag?.committed, lag?.lag], [null, 6]);
});

Deno.test("lagOf() does not count records that retention removed behind the commit", () => {
  const [lag] = lagOf({ committed: [at(0, 2)], begin: [at(0, 8)], end: [at(0, 10)] });
  assert.equal(lag?.lag, 2);
});

Deno.test("lagOf() is never negative, even when the commit is younger than the end it saw", () => {
  const [lag] = lagOf({ committed: [at(0, 11)], begin: [at(0, 0)], end: [at(0, 10)] });
  assert.equal(lag?.lag, 0);
});

Deno.test("lagOf() names the owner and sorts by topic and partition", () => {
  const member = {
    member: "a",
    memberId: "a-1",
    group: "g",
    generation: 1,
    atMs: 0,
    partitions: [{ topic: "t", partition: 1 }],
  };
  const end = [at(1, 1), at(0, 1), { topic: "s", partition: 0, offset: 1 }];
  const lags = lagOf({ committed: [], begin: [], end, members: [member] });
  assert.deepEqual(lags.map((one) => [one.topic, one.partition, one.member]), [
    ["s", 0, null],
    ["t", 0, null],
    ["t", 1, "a"],
  ]);
});
