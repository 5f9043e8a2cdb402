import assert from "node:assert/strict";
import { QUESTION_BANK } from "./question_bank.ts";
import { quiz, quizPicture } from "./quiz.ts";

const question = QUESTION_BANK.find(({ name }) => name === "keep-up")!;

Deno.test("quizPicture() asks without a word of the answer, until there is a choice", () => {
  const { text, html } = quizPicture(question);
  assert.match(
    text,
    /a\) members\n {2}b\) a second group\n {2}c\) partitions, and then members\n○ /,
  );
  assert.ok(!html.includes("would be idle"));
});

Deno.test("quizPicture() says why a choice is right or not, and which was the first", () => {
  const said = (choice: string, first = choice) =>
    quizPicture(question, { choice, first }).text.split("\n").at(-1);
  assert.match(said("c")!, /^✓ Yes\. .*read everything again\.$/);
  assert.match(said("a")!, /^✗ No\. .*read everything again\.$/);
  assert.match(said("c", "a")!, /^✓ Yes\. .* \(Your first choice was a\.\)$/);
  assert.equal(said("d"), '✗ "d" is not one of a, b, c.');
});

Deno.test("quiz() names a question that the bank does not have", async () => {
  await assert.rejects(quiz("weather", "a"), {
    name: "RangeError",
    message: 'Cannot ask "weather": the question bank has no such name',
  });
});
