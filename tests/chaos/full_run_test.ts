import assert from "node:assert/strict";
import { judgeSum } from "./full_run.ts";
import type { Judgement } from "./judge.ts";
import type { Row } from "./row.ts";
import { chosenRows } from "./rows.ts";

const row: Row = { ...chosenRows(["R1"])[0]!, rounds: 2, inAll: { kills: 10 } };

function round(kills: number, rounds: number): Judgement {
  const { id, name } = row;
  return {
    ...{ row: id, name, rounds, round: 1, seed: 1, passed: true, found: [], seconds: 3 },
    figures: { kills, records: 7 },
  };
}

Deno.test("judgeSum() adds up what the row promises sums of", () => {
  const sum = judgeSum(row, [round(4, 2), round(6, 2)])!;
  assert.deepEqual([sum.figures, sum.seconds, sum.passed], [{ kills: 10 }, 6, true]);
});

Deno.test("judgeSum() says what a full run did too little of, and lets a shorter one do less", () => {
  const little = judgeSum(row, [round(4, 2), round(5, 2)])!;
  assert.deepEqual(little.found, ["too little: kills 9, not 10"]);
  assert.equal(judgeSum(row, [round(4, 1)])!.passed, true);
});
