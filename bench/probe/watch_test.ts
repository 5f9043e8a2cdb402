import assert from "node:assert/strict";
import { Tally } from "./watch.ts";

Deno.test("Tally waits until each label of a table has its value, whatever stood there before", () => {
  const tally = new Tally(new Map([["a", 2], ["b", 1]]), "table");
  for (const [label, value] of [["a", 1], ["b", 1]] as const) tally.add(label, value);
  assert.equal(tally.seen(), undefined);
  tally.add("a", 2);
  assert.equal(tally.seen()?.correct, true);
});

Deno.test("Tally counts a stream, and says at once that too much is wrong", () => {
  const tally = new Tally(new Map([["high", 1], ["low", 2]]), "stream");
  tally.add("high", 1);
  assert.equal(tally.seen(), undefined);
  tally.add("high", 1);
  assert.equal(tally.seen()?.correct, false);
});

Deno.test("Tally calls a label wrong that nobody expects", () => {
  const tally = new Tally(new Map([["2", 1]]), "table");
  tally.add("3", 1);
  assert.equal(tally.seen()?.correct, false);
});
