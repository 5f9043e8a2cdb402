/** Every answer that ships beside a solution goes to the exercise's own check: right ones are taken, wrong ones are met. */
import assert from "node:assert/strict";
import { asksTheCluster, lectures } from "../lib/course/mod.ts";
import { expected, idleAssertions, mutantsOf, said } from "./testkit/check_mutants.ts";
import { judgements } from "./testkit/exercise.ts";

for (const { notebook, solutions, answers: shipped } of await lectures()) {
  for (const [stub, source] of Object.entries(solutions)) {
    const check = notebook.cells.find(({ id }) => id === stub.replace(/-code$/, "-check"))!.source;
    const answers = shipped.filter((one) => one.stub === stub);
    const wrong = answers.filter(({ right }) => !right);
    const exercise = `${notebook.name}#${stub.replace(/-code$/, "")}`;

    Deno.test(`${exercise} ships four wrong answers, each with a sentence of its own, and a second right one`, () => {
      assert.ok(wrong.length >= 4, `${wrong.length} wrong answers`);
      assert.ok(answers.length > wrong.length, "no second right answer");
      assert.equal(new Set(wrong.map(({ says }) => says)).size, wrong.length, "a sentence twice");
    });

    // The others are judged where a cluster is, by `deno task course --both`, and mutated by `live_answers_all_test.ts`.
    if (asksTheCluster(check)) continue;

    Deno.test(`${exercise} takes each right answer and meets each wrong one with its own sentence`, async () => {
      const all = [{ id: stub, stub, right: true, says: "", source }, ...answers];
      const told = await judgements(
        notebook,
        stub,
        // A right answer is checked twice: what a check leaves behind must not spoil the next run.
        all.map(({ source, right }) => ({
          answer: source,
          check: right ? `{${check}\n}\n${check}` : check,
        })),
      );
      assert.deepEqual(told.map((one, at) => said(all[at]!, one)), all.map(expected));
    });

    Deno.test(`${exercise} needs each assertion of its check: without it some wrong answer is not met`, async () => {
      const mutants = mutantsOf(check);
      assert.ok(mutants.length >= 2, `${mutants.length} assertions`);
      const tried = mutants.flatMap((mutant) =>
        wrong.map(({ source }) => ({ answer: source, check: mutant.check }))
      );
      const told = await judgements(notebook, stub, tried);
      assert.deepEqual(idleAssertions(mutants, wrong, told), []);
    });
  }
}
