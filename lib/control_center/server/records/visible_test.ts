import assert from "node:assert/strict";
import { layOut, visible } from "./visible.ts";

Deno.test("visible() keeps words of every script and shows what turns them around", () => {
  assert.equal(visible("تاكسي taxi 出租车\n"), "تاكسي taxi 出租车\n");
  assert.equal(visible("a\u2066b\u001b[31m"), "a⟨U+2066⟩b␛[31m");
});

Deno.test("visible() leaves joiners in words and emoji, and shows them elsewhere", () => {
  for (
    const whole of [
      "می\u200cخواهم",
      "क्\u200dष",
      "👨\u200d👩\u200d👧\u200d👦",
      "👩🏽\u200d🚀",
      "❤️\u200d🔥",
    ]
  ) {
    assert.equal(visible(whole), whole);
  }
  assert.equal(visible("\u200dpay\u200c 1\u200d2"), "⟨U+200D⟩pay⟨U+200C⟩ 1⟨U+200D⟩2");
  assert.equal(visible("a\u200d\u200db"), "a⟨U+200D⟩⟨U+200D⟩b");
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

Deno.test("layOut() lays out what is no JSON as far as it goes", () => {
  assert.equal(layOut("]}{"), "\n]\n}{\n");
  assert.equal(layOut(""), "");
});
