import assert from "node:assert/strict";
import { hint, quiz, solution } from "./quiz.ts";

const ask = { question: "Order holds …", options: ["per topic", "per partition"], answer: 1 };

Deno.test("quiz() folds an answer and its reason under each option, without scripts", () => {
  const { html } = quiz({ ...ask, why: ["two partitions are two logs", "a partition is one log"] });
  assert.equal(html.match(/<details>/g)?.length, 2);
  assert.match(html, /a\) per topic.*✗ No.*two partitions are two logs/);
  assert.match(html, /b\) per partition.*✓ Yes.*a partition is one log/);
  assert.doesNotMatch(html, /<script|onclick/);
});

Deno.test("quiz() refuses an answer that is no option, and reasons for other options", () => {
  assert.throws(() => quiz({ ...ask, answer: 2, why: "" }), {
    name: "RangeError",
    message: 'Cannot ask "Order holds …": answer is 2, options are 0 to 1',
  });
  assert.throws(() => quiz({ ...ask, why: ["one"] }), /1 reasons for 2 options/);
});

Deno.test("hint() and solution() are folded and show their text as text", () => {
  for (const { html } of [hint("<b>key</b>"), solution("<b>key</b>")]) {
    assert.match(html, /<details><summary>/);
    assert.match(html, /&lt;b&gt;key/);
  }
});
