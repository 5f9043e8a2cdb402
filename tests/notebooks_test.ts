import assert from "node:assert/strict";
import { faults, lectures, parseNotebook, QUESTION_BANK } from "../lib/course/mod.ts";
import { SHIPPED } from "../tasks/restore_notebook.ts";

for (const { notebook, solutions } of await lectures()) {
  Deno.test(`notebook ${notebook.name} keeps the rules of the course`, () => {
    assert.deepEqual(faults(notebook, solutions), []);
  });

  Deno.test(`notebook ${notebook.name} asks a quiz of the bank that is about it`, () => {
    const asked = notebook.cells.flatMap(({ source }) =>
      source.match(/(?<=\bquiz\(")[^"]+/g) ?? []
    );
    const about = QUESTION_BANK.filter((one) => one.notebook === notebook.name.slice(0, 2));
    assert.ok(asked.length > 0);
    assert.deepEqual(asked.filter((name) => !about.some((one) => one.name === name)), []);
  });

  Deno.test(`notebook ${notebook.name} is as restore-notebook would bring it back`, async () => {
    const file = `${notebook.name}.ipynb`, read = Deno.readTextFile;
    assert.ok(
      await read(`notebooks/${file}`) === await read(`${SHIPPED}/${file}`),
      `notebooks/${file} differs from its shipped copy: your own work is undone by ` +
        `"deno task restore-notebook ${file.slice(0, 2)}"; ` +
        `a change of the course is kept by copying the file to ${SHIPPED}`,
    );
  });
}

Deno.test("lectures() finds a notebook by number or name, and says what there is", async () => {
  const folder = "lib/course/fixtures";
  for (const word of ["1", "01", "01_six_rides", "01_six_rides.ipynb"]) {
    const [found] = await lectures([word], folder);
    assert.equal(found?.notebook.name, "01_six_rides");
  }
  await assert.rejects(lectures(["7"], folder), {
    name: "RangeError",
    message: 'Cannot find notebook "7": there are 01_six_rides',
  });
});

Deno.test("no line of a solution is wider than a projector shows, but for one word that has no break", async () => {
  const wide: string[] = [];
  for (const { notebook } of await lectures()) {
    const text = await Deno.readTextFile(`notebooks/solutions/${notebook.name}.ipynb`);
    for (const { id, kind, source } of parseNotebook(notebook.name, text).cells) {
      if (kind !== "code") continue;
      const lines = source.split("\n").filter((line) =>
        line.length > 80 && !/^\/\/ \S+$/.test(line)
      );
      wide.push(...lines.map((line) => `${notebook.name}#${id}: ${line}`));
    }
  }
  assert.deepEqual(wide, []);
});
