import assert from "node:assert/strict";
import { comparison, comparisonLine } from "../bench/comparison.ts";

Deno.test("comparison() takes ratios inside each round, and medians over the rounds", () => {
  const line = comparison({ bench: "produce", peer: "kafkajs", unit: "records/s", correct: true }, [
    { ours: 200, theirs: 100 },
    { ours: 20, theirs: 10 }, // A noisy round slows both.
    { ours: 330, theirs: 110 },
  ]);
  assert.deepEqual([line.ours, line.theirs, line.ratio], [200, 100, 2]);
  assert.deepEqual([line.oursRange, line.ratioRange, line.rounds], [[20, 330], [2, 3], 3]);
});

Deno.test("comparisonLine() names a peer that is missing, and results that are wrong", () => {
  assert.equal(
    comparisonLine({ bench: "produce", peer: "faust", missing: "no Python" }),
    "produce  faust: missing, no Python",
  );
  const wrong = comparison({ bench: "b", peer: "p", unit: "records/s", correct: false }, [
    { ours: 1, theirs: 1 },
  ]);
  assert.match(comparisonLine(wrong), /WRONG RESULTS$/);
});
