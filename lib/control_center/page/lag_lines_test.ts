import assert from "node:assert/strict";
import { linesOf } from "./lag_lines.ts";

Deno.test("linesOf() draws the sum and the worst five of thirty partitions, and says how many it leaves out", () => {
  const lags = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`t-${at}`, at]));
  const { lines, others } = linesOf([{ atMs: 0, lags, committed: {} }, {
    atMs: 5_000,
    lags,
    committed: {},
  }]);
  assert.deepEqual(lines.map(({ name }) => name), [
    ...["all together", "t-29", "t-28", "t-27", "t-26", "t-25"],
  ]);
  assert.deepEqual([lines[0]!.now, others], [435, 25]);
});

Deno.test("linesOf() has no point where a partition's lag was not known", () => {
  const { lines } = linesOf([
    { atMs: 0, lags: { "t-0": 1 }, committed: {} },
    { atMs: 5_000, lags: {}, committed: {} },
    { atMs: 10_000, lags: { "t-0": 3 }, committed: {} },
  ]);
  assert.deepEqual(lines[0]!.points, [{ atMs: 0, lag: 1 }, { atMs: 10_000, lag: 3 }]);
});
