import assert from "node:assert/strict";
import type { BankQuestion } from "../lib/course/mod.ts";
import { ankiOf, askAll, summaryOf } from "./_quiz.ts";

const QUESTIONS: readonly BankQuestion[] = [{
  notebook: "03",
  name: "q03",
  question: "Committed 12, end 12: what is left?",
  options: [{ text: "nothing", right: true }, { text: "record 12", belief: "M06" }],
  why: "12 is the next.",
}, {
  notebook: "11",
  name: "q11",
  question: "The opposite of >= 40 is …",
  options: [{ text: "<= 40", belief: "M29" }, { text: "< 40", right: true }],
  why: "40 belongs to one side.",
}];

/** Asks with choices typed beforehand, and gives what was said, too. */
async function asked(...choices: (string | null)[]) {
  const said: string[] = [];
  const round = await askAll(
    QUESTIONS,
    () => Promise.resolve(choices.shift() ?? null),
    (line) => said.push(line),
  );
  return { round, said };
}

Deno.test("askAll() counts first choices, and keeps the beliefs behind wrong ones", async () => {
  const { round, said } = await asked("b", " B ");
  assert.deepEqual(round, { asked: 2, right: 1, beliefs: ["M06"] });
  assert.ok(said.includes("✗ No, a. 12 is the next."));
  assert.ok(said.includes("✓ Yes. 40 belongs to one side."));
  assert.equal(
    summaryOf(round),
    "1 of 2 right\nLook again at:\n  M06  The commit names the next record to read.",
  );
});

Deno.test("askAll() asks again for what is no letter of the question, and stops at q or at the end of input", async () => {
  const { round, said } = await asked("7", "a", "q");
  assert.deepEqual(round, { asked: 1, right: 1, beliefs: [] });
  assert.ok(said.includes("Type a letter from a to b, or q to stop."));
  assert.equal((await asked(null)).round.asked, 0);
});

Deno.test("ankiOf() writes a card a line, with nothing that HTML would take for its own", () => {
  const lines = ankiOf(QUESTIONS).trimEnd().split("\n");
  assert.equal(lines.length, 5);
  assert.equal(
    lines[4],
    "The opposite of &gt;= 40 is …<br>a) &lt;= 40<br>b) &lt; 40\tb) &lt; 40<br>40 belongs to one side.\tnb11",
  );
});
