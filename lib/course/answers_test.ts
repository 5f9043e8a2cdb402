import assert from "node:assert/strict";
import { answersOf } from "./answers.ts";
import { MISCONCEPTIONS } from "./misconceptions.ts";
import type { Notebook } from "./notebook.ts";

function notebook(id: string, source: string): Notebook {
  const cell = { id, kind: "code", source, outputs: 0, executionCount: null } as const;
  return { name: "04_groups", kernel: "deno", language: "typescript", cells: [cell] };
}

Deno.test("answersOf() reads the sentence that meets a wrong answer, its belief, and the code below", () => {
  const source =
    "// ✗ M04 idle(2, 3) gives 0,\n// not 1: two work\n\n// they share\nconst idle = 0;";
  assert.deepEqual(answersOf(notebook("ex-1-wrong-2", source)), [{
    id: "ex-1-wrong-2",
    stub: "ex-1-code",
    right: false,
    says: "idle(2, 3) gives 0, not 1: two work",
    source: "// they share\nconst idle = 0;",
    belief: "M04",
  }]);
});

Deno.test("answersOf() joins a line that ends with a backslash to the next without a space", () => {
  const [wrong] = answersOf(
    notebook("ex-1-wrong-1", '// ✗ it is {"a":\\\n// 1}:\n// no\n\nconst a = 1;'),
  );
  assert.equal(wrong?.says, 'it is {"a":1}: no');
});

Deno.test("answersOf() reads right answers as they are, and no other cell", () => {
  const [right] = answersOf(notebook("ex-1-right-2", "const idle = 1;"));
  assert.deepEqual([right?.right, right?.source], [true, "const idle = 1;"]);
  assert.deepEqual(answersOf(notebook("ex-1-code", "const idle = 1;")), []);
});

Deno.test("answersOf() refuses a wrong answer without its sentence", () => {
  assert.throws(() => answersOf(notebook("ex-1-wrong-1", "const idle = 0;")), {
    name: "SyntaxError",
    message: 'Cannot read answer "04_groups#ex-1-wrong-1": its first line is not "// ✗ …"',
  });
});

Deno.test("MISCONCEPTIONS are numbered without a gap, each with a belief and a truth of its own", () => {
  const numbers = Array.from({ length: 48 }, (_, i) => `M${String(i + 1).padStart(2, "0")}`);
  assert.deepEqual(Object.keys(MISCONCEPTIONS), numbers);
  const all = Object.values(MISCONCEPTIONS).flatMap(({ belief, truth }) => [belief, truth]);
  assert.equal(new Set(all).size, 96);
});
