/** Checks that ask Kafka or the registry need each of their assertions, too; `answers_test.ts` mutates the others. */
import assert from "node:assert/strict";
import { asksTheCluster, lectures, runNotebook } from "../lib/course/mod.ts";
import { pythonOf } from "../lib/lab/mod.ts";
import { ownCheckout } from "./own_checkout.ts";
import { expected, idleAssertions, mutantsOf, said } from "./testkit/check_mutants.ts";

const LONGEST_CELL_MS = 300_000;

for (const { notebook, solutions, answers: shipped } of await lectures()) {
  for (const stub of Object.keys(solutions)) {
    const asking = notebook.cells.find(({ id }) => id === stub.replace(/-code$/, "-check"))!;
    if (!asksTheCluster(asking.source)) continue;
    const exercise = `${notebook.name}#${stub.replace(/-code$/, "")}`;

    Deno.test(`${exercise} needs each assertion of its check: without it some wrong answer is not met`, async () => {
      const wrong = shipped.filter((one) => one.stub === stub && !one.right);
      const mutants = mutantsOf(asking.source);
      assert.ok(mutants.length >= 2, `${mutants.length} assertions`);
      // In the notebook's kernel, after all cells above: one block for each answer and each form of the check.
      const forms = [{ check: asking.source }, ...mutants];
      const blocks = forms.flatMap(({ check }) =>
        wrong.map(({ source }) => `{\n${source}\n${check}\n}`)
      );
      await using checkout = await ownCheckout();
      const run = await runNotebook(`${checkout.folder}/notebooks/${notebook.name}.ipynb`, {
        python: await pythonOf(),
        replace: { [stub]: "", [asking.id]: blocks.join("\n") },
        cellTimeoutMs: LONGEST_CELL_MS,
      });
      assert.equal(run.failure, undefined);
      const told = run.verdicts.filter(({ cell }) => cell === asking.id);
      assert.equal(told.length, blocks.length);
      assert.deepEqual(wrong.map((one, at) => said(one, told[at]!)), wrong.map(expected));
      assert.deepEqual(idleAssertions(mutants, wrong, told.slice(wrong.length)), []);
    });
  }
}
