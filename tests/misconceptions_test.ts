import assert from "node:assert/strict";
import { lectures, MISCONCEPTIONS, QUESTION_BANK } from "../lib/course/mod.ts";

Deno.test("each misconception is met by a check, a prediction or a question of the bank", async () => {
  const all = await lectures();
  const checked = all.flatMap(({ answers }) => answers.map(({ belief }) => belief));
  const predicted = all.flatMap(({ notebook }) =>
    notebook.cells.flatMap(({ source }) =>
      [...source.matchAll(/\bhappened\([^;]*"(M\d\d)"/g)].map(([, id]) => id)
    )
  );
  const asked = QUESTION_BANK.flatMap(({ options }) => options.map(({ belief }) => belief));
  const met = new Set<string | undefined>([...checked, ...predicted, ...asked]);
  assert.deepEqual(Object.keys(MISCONCEPTIONS).filter((id) => !met.has(id)), []);
});
