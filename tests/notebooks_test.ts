import assert from "node:assert/strict";
import { type Cell, faults, lectures, type Notebook } from "../lib/course/mod.ts";
import { parseNotebook, QUESTION_BANK } from "../lib/course/mod.ts";
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

/** Prose and code of a notebook; its imports, its folded checks and its last cell are not read line by line. */
function figuresOf({ cells }: Notebook) {
  const isRead = ({ id }: Cell) => id !== "setup" && id !== "cleanup" && !id.endsWith("-check");
  const prose = cells.filter(({ kind }) => kind === "markdown")
    .map(({ source }) => source.replace(/```.*?```/gs, "").match(/[\p{L}\d][\p{L}\d'’-]*/gu) ?? []);
  const code = cells.filter((cell) => cell.kind === "code" && isRead(cell)).map((cell) => ({
    id: cell.id,
    lines: cell.source.split("\n").filter((line) => line.trim() !== "").length,
  }));
  const words = prose.reduce((sum, found) => sum + found.length, 0);
  const lines = code.reduce((sum, cell) => sum + cell.lines, 0);
  const sorted = code.map((cell) => cell.lines).sort((a, b) => a - b);
  return { perLine: words / lines, half: sorted[Math.floor(sorted.length / 2)]!, code };
}

for (const { notebook } of await lectures(["14", "15", "16", "17", "18", "19", "20"])) {
  const { perLine, half, code } = figuresOf(notebook);
  const figures = `${
    perLine.toFixed(1)
  } words a line, half of its cells have ${half} lines or less`;
  Deno.test(`notebook ${notebook.name}: ${figures}`, () => {
    assert.ok(perLine >= 10 && perLine <= 20, "10 to 20 words of prose for each line of code");
    assert.ok(half >= 2 && half <= 8, "half of the cells have 2 to 8 lines");
    // What is built at once, a function or a program, may need more.
    const long = code.filter(({ id, lines }) => lines > (/-(build|code)$/.test(id) ? 16 : 12));
    assert.deepEqual(long, [], "12 lines at most, 16 where something is built");
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

Deno.test("no line of a solution is wider than a projector shows", async () => {
  const wide: string[] = [];
  for (const { notebook } of await lectures()) {
    const text = await Deno.readTextFile(`notebooks/solutions/${notebook.name}.ipynb`);
    for (const { id, kind, source } of parseNotebook(notebook.name, text).cells) {
      if (kind !== "code") continue;
      const lines = source.split("\n").filter((line) => line.length > 80);
      wide.push(...lines.map((line) => `${notebook.name}#${id}: ${line}`));
    }
  }
  assert.deepEqual(wide, []);
});
