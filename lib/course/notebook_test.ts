import assert from "node:assert/strict";
import {
  asModule,
  type Cell,
  cellAt,
  type Notebook,
  parseNotebook,
  solutionsOf,
  withSolutions,
} from "./notebook.ts";
import { faults } from "./notebook_rules.ts";

const FILE = new URL("./fixtures/01_six_rides.ipynb", import.meta.url);
const good = parseNotebook("01_six_rides", await Deno.readTextFile(FILE));
const SOLUTIONS = { "ex-1-code": "const rides: number = 3;" };

/** The good notebook with one cell changed. */
function changed(id: string, part: Partial<Cell>): Notebook {
  return { ...good, cells: good.cells.map((cell) => cell.id === id ? { ...cell, ...part } : cell) };
}

const cell = (id: string, kind: Cell["kind"] = "code"): Cell => ({
  id,
  kind,
  source: "1",
  outputs: 0,
  executionCount: null,
});

Deno.test("faults() finds nothing wrong with a good notebook", () => {
  assert.deepEqual(faults(good, SOLUTIONS), []);
});

Deno.test("faults() names what is wrong, and the cell", () => {
  const long = Array.from({ length: 17 }, (_, n) => `const n${n} = ${n};`).join("\n");
  const table: readonly (readonly [Notebook, string])[] = [
    [changed("count-run", { source: long }), "count-run: 17 lines, 16 are the limit"],
    [
      changed("count-run", { source: `// ${"x".repeat(78)}` }),
      "count-run: line 1 has more than 80 columns",
    ],
    [
      changed("count", { source: "**Predict:** how many?" }),
      "count: no cell with predict() below the question",
    ],
    [
      changed("count-run", { source: 'await predict("rides", yourTurn);' }),
      'count-run: nothing shows how "rides" happened',
    ],
    [changed("count-run", { outputs: 1 }), "count-run: has outputs or a run number; strip them"],
    [changed("count-run", { id: "setup" }), "setup: the id is there twice"],
    [
      changed("recap", { source: "**Without looking:** Why? Who?\n\n1. So." }),
      "recap: not one folded answer for each question of “Without looking”",
    ],
    [
      changed("recap", { source: "See http://localhost:9021." }),
      "recap: an address of this machine by hand; ports can be moved",
    ],
    [
      changed("count-run", { source: 'import * as a from "a";' }),
      "count-run: import by name, not import *",
    ],
    [
      { ...good, cells: [...good.cells, cell("a-1"), cell("a-2")] },
      "a-2: third code cell in a row; say something first",
    ],
  ];
  for (const [notebook, fault] of table) {
    const found = faults(notebook, SOLUTIONS);
    assert.ok(found.includes(`01_six_rides#${fault}`), `${fault} in ${found.join("; ")}`);
  }
});

Deno.test("faults() wants readable ids, a kernel, a language, the lesson's parts and a solution", () => {
  const bad: Notebook = {
    name: "six rides",
    kernel: "python3",
    language: undefined,
    cells: [cell("3f2a91bc", "markdown"), cell("ex-1", "markdown")],
  };
  const found = faults(bad, {}).join("\n");
  for (
    const fault of [
      "not NN_snake_case",
      "kernelspec is not deno",
      "language_info.name is not typescript",
      'no cell "recap"',
      'no cell "cleanup"',
      "no title",
      '"3f2a91bc" is not a readable id',
      'no cell "ex-1-check"',
      'no solution for "ex-1-code"',
    ]
  ) assert.ok(found.includes(fault), fault);
});

Deno.test("faults() lets a cell that builds a function have four lines more", () => {
  const lines = (most: number) => `function f() {\n${"  f();\n".repeat(most - 2)}}`;
  assert.deepEqual(faults(changed("count-run", { source: lines(20) }), SOLUTIONS), []);
  assert.match(faults(changed("count-run", { source: lines(21) }), SOLUTIONS)[0]!, /21 lines, 20/);
});

Deno.test("withSolutions() puts the solution in place of the stub, and refuses a lost one", () => {
  const solved = withSolutions(good, SOLUTIONS);
  assert.match(asModule(solved), /const rides: number = 3;/);
  assert.deepEqual(solutionsOf(solved), SOLUTIONS);
  assert.throws(() => withSolutions(good, { "ex-9-code": "" }), {
    name: "TypeError",
    message: 'Cannot solve "01_six_rides#ex-9-code": the notebook has no such code cell',
  });
});

Deno.test("asModule() keeps the cells in order and makes relative imports absolute", () => {
  const one = changed("setup", {
    source: 'import { a } from "./worker.ts";\nawait import("./b.ts");',
  });
  const text = asModule(one, "file:///course/notebooks/");
  assert.match(text, /from "file:\/\/\/course\/notebooks\/worker\.ts"/);
  assert.match(text, /import\("file:\/\/\/course\/notebooks\/b\.ts"\)/);
});

Deno.test("cellAt() finds the cell and its line from a line of the module", () => {
  const text = asModule(good);
  const line = text.split("\n").findIndex((one) => one.startsWith("const rows")) + 1;
  assert.deepEqual(cellAt(text, line), { cell: "01_six_rides#count-run", line: 2 });
});

Deno.test("parseNotebook() refuses what is no notebook", () => {
  assert.throws(() => parseNotebook("x", "{"), { name: "SyntaxError" });
  assert.throws(() => parseNotebook("x", "[]"), /it has no list of cells/);
});
