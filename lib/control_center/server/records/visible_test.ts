import assert from "node:assert/strict";
import { layOut, visible } from "./visible.ts";

Deno.test("visible() keeps words of every script and shows what turns them around", () => {
  assert.equal(visible("تاكسي taxi 出租车\n"), "تاكسي taxi 出租车\n");
  assert.equal(visible("a\u2066b\u001b[31m"), "a⟨U+2066⟩b␛[31m");
});

Deno.test("layOut() takes brackets and quotes inside strings as text", () => {
  assert.equal(layOut('{"a":"}\\"{,"}'), '{\n  "a": "}\\"{,"\n}');
});

Deno.test("layOut() keeps a string that ends with a bracket whole", () => {
  assert.equal(layOut('["{"]'), '[\n  "{"\n]');
});

Deno.test("layOut() survives ten thousand brackets", () => {
  const deep = "[".repeat(10_000) + "]".repeat(10_000);
  assert.ok(layOut(deep).length >= deep.length);
});
