import assert from "node:assert/strict";
import { QUESTION_BANK } from "./question_bank.ts";

Deno.test("QUESTION_BANK asks each question once, with one right option, and beliefs behind wrong ones only", () => {
  assert.ok(QUESTION_BANK.length >= 40);
  for (const part of ["question", "name"] as const) {
    assert.equal(new Set(QUESTION_BANK.map((one) => one[part])).size, QUESTION_BANK.length);
  }
  for (const { question, options, why } of QUESTION_BANK) {
    assert.equal(options.filter(({ right }) => right).length, 1, question);
    assert.ok(options.length >= 3 && why !== "", question);
    assert.ok(options.every(({ right, belief }) => !right || belief === undefined), question);
    assert.equal(new Set(options.map(({ text }) => text)).size, options.length, question);
  }
});

Deno.test("QUESTION_BANK has its right options at no fixed place", () => {
  const places = QUESTION_BANK.map(({ options }) => options.findIndex(({ right }) => right));
  for (const place of [0, 1, 2]) {
    const share = places.filter((one) => one === place).length / places.length;
    assert.ok(share < 0.6, `${share} of the answers are option ${place}`);
  }
});
