import assert from "node:assert/strict";
import { codeFor } from "./code.ts";

const cell = (path: readonly string[], query = "") =>
  codeFor(path, new URLSearchParams(query))?.cell.split("\n").at(-1);

Deno.test("codeFor() names the place, however it is called", () => {
  assert.equal(cell(["groups", 'a"b']), 'console.table(await kafka.groups.lag("a\\"b"));');
  assert.equal(
    codeFor(["topics", "it's"])?.command,
    "deno task consumer --topic 'it'\\''s' --group look-around",
  );
});

Deno.test("codeFor() begins where the page does", () => {
  const reads = (query: string) => codeFor(["topics", "t"], new URLSearchParams(query))!.cell;
  assert.match(reads("from=offset:7"), /\{ from: \{ offset: 7 \}, max: 20 \}/);
  assert.match(reads("from=time:9"), /\{ from: \{ timestampMs: 9 \}, max: 20 \}/);
  assert.match(reads("from=newest:50"), /\{ from: "earliest", max: 20 \}/);
});

Deno.test("codeFor() knows the group whose lanes are shown", () => {
  const shown = 'await show(lanes(await topicLanes(kafka, "t", { group: "g" })));';
  assert.equal(cell(["topics", "t", "lanes"], "group=g"), shown);
  assert.equal(cell(["topics", "t", "lanes"]), 'await show(lanes(await topicLanes(kafka, "t")));');
});

Deno.test("codeFor() says nothing where nothing shows the same", () => {
  assert.equal(codeFor(["apps"]), undefined);
  assert.equal(codeFor(["topics", "t", "readers"]), undefined);
});
