import assert from "node:assert/strict";
import { MOST, readView, writeNext } from "./place.ts";

Deno.test("readView() reads back what writeNext() wrote", () => {
  const next = new Map([[0, 12], [3, 9_000_000_000]]);
  assert.deepEqual(readView(new URLSearchParams({ from: writeNext(next) })).from, { next });
});

Deno.test("readView() bounds what a page may ask for", () => {
  assert.equal(readView(new URLSearchParams("max=100000")).max, MOST);
  assert.equal(readView(new URLSearchParams({ filter: "x".repeat(1_000) })).filter?.length, 200);
});

Deno.test("readView() refuses what is not a place", () => {
  for (
    const from of [
      "offset:-1",
      "offset:1e3",
      "offset:",
      "next:0",
      "next:0.x",
      "somewhere",
      "time:99999999999999999",
    ]
  ) {
    assert.throws(() => readView(new URLSearchParams({ from })), SyntaxError, from);
  }
});
