import assert from "node:assert/strict";
import { comparison, quantile } from "./comparison.ts";
import { sentence, table } from "./report.ts";

Deno.test("comparison() takes ratios inside each round, and medians over the rounds", () => {
  const line = comparison({ bench: "produce", peer: "kafkajs", unit: "records/s", correct: true }, [
    { ours: 200, theirs: 100 },
    { ours: 20, theirs: 10 }, // A noisy round slows both.
    { ours: 330, theirs: 110 },
  ]);
  assert.deepEqual([line.ours, line.theirs, line.ratio], [200, 100, 2]);
  assert.deepEqual([line.oursRange, line.ratioRange, line.rounds], [[20, 330], [2, 3], 3]);
});

Deno.test("comparison() turns the ratio round where less is better", () => {
  const line = comparison({ bench: "memory", peer: "p", unit: "MB", correct: true }, [
    { ours: 250, theirs: 300 },
  ]);
  assert.equal(line.ratio, 1.2);
});

Deno.test("quantile() lies between two values where it falls between them", () => {
  assert.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  assert.deepEqual([0, 0.99, 1].map((share) => quantile([0, 100], share)), [0, 99, 100]);
});

Deno.test("sentence() and table() name a peer that is missing, and results that are wrong", () => {
  const missing = { bench: "produce", peer: "faust", missing: "no Python" };
  assert.match(sentence(missing), /^produce +faust: missing, no Python$/);
  const wrong = comparison({ bench: "b", peer: "p", unit: "records/s", correct: false }, [
    { ours: 1, theirs: 1 },
  ]);
  assert.match(sentence(wrong), /WRONG RESULTS$/);
  const rows = table([missing, wrong]).split("\n").slice(2);
  assert.deepEqual(rows, [
    "| produce | faust | missing | no Python |  |  |",
    "| b | p | 1.00 (1–1) WRONG RESULTS | 1 records/s | 1 records/s | 1 |",
  ]);
});
