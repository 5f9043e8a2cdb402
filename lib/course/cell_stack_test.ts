import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { cellStack, type Frame } from "./cell_stack.ts";

const frame = (file: string | null, words: string): Frame => ({
  getFileName: () => file,
  toString: () => words,
});
const OURS = frame(fileURLToPath(import.meta.url), "connect (connect.ts:1:2)");
const THEIRS = [
  frame("/home/you/.cache/deno/npm/kafkajs/2.2.4/src/index.js", "connect (index.js:1:2)"),
  frame("ext:core/01_core.js", "runMicrotasks (01_core.js:1:2)"),
  frame(null, "Array.map (<anonymous>)"),
];

Deno.test("cellStack() shows the lines of cells and no other", () => {
  const cell = frame("", "<anonymous>:2:15");
  assert.equal(
    cellStack("KafkaError: no", [OURS, ...THEIRS, cell]),
    "KafkaError: no\n    at <anonymous>:2:15",
  );
});

Deno.test("cellStack() shows our own lines where no cell is to blame, never a library's", () => {
  assert.equal(cellStack("Error: no", [...THEIRS, OURS]), `Error: no\n    at ${OURS}`);
  assert.equal(cellStack("Error: no", THEIRS), "Error: no");
});
