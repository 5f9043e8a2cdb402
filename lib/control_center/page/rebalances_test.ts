import assert from "node:assert/strict";
import { rebalances } from "./rebalances.ts";

const holding = (partition: string, member: string, from: number, to: number) => ({
  ...{ partition, member, from, to },
});

Deno.test("rebalances() says who came when partitions are shared out among more, and who owned none is not named", () => {
  const holdings = [
    holding("t-0", "a", 0, 60_000),
    holding("t-1", "a", 0, 20_000),
    holding("t-1", "b", 21_000, 60_000),
  ];
  const [one, ...rest] = rebalances({ holdings, samples: [] });
  assert.deepEqual(rest, []);
  assert.deepEqual([one?.partitions, one?.why, one?.stillMs, one?.waited], [
    ["t-1"],
    "b joined",
    1_000,
    null,
  ]);
});

Deno.test("rebalances() takes moves of the same moment together, and the newest first", () => {
  const holdings = [
    holding("t-0", "a", 0, 10_000),
    holding("t-1", "a", 0, 10_000),
    holding("t-0", "b", 16_000, 30_000),
    holding("t-1", "b", 17_000, 30_000),
    holding("t-1", "c", 31_000, 40_000),
    holding("t-0", "b", 31_000, 40_000),
  ];
  const samples = [{ atMs: 18_000, lags: { "t-0": 3, "t-1": 4, "t-2": 9 }, committed: {} }];
  const found = rebalances({ holdings, samples });
  assert.deepEqual(found.map(({ why, waited }) => [why, waited]), [
    ["c joined", null],
    ["b joined, a left", 7],
  ]);
  assert.equal(found[1]?.stillMs, 7_000);
});

Deno.test("rebalances() sees none where an owner only was not looked at", () => {
  const holdings = [holding("t-0", "a", 0, 10_000), holding("t-0", "a", 90_000, 95_000)];
  assert.deepEqual(rebalances({ holdings, samples: [] }), []);
});
