import assert from "node:assert/strict";
import { type Lecture, lectures } from "../lib/course/mod.ts";
import { typeFaults } from "./_notebook_types.ts";

const [fixture] = await lectures(["01"], `${Deno.cwd()}/lib/course/fixtures`) as [Lecture];

/** The fixture with another source in one cell. */
function changed(id: string, source: string): Lecture {
  const cells = fixture.notebook.cells.map((cell) => cell.id === id ? { ...cell, source } : cell);
  return { ...fixture, notebook: { ...fixture.notebook, cells } };
}

Deno.test("typeFaults() finds nothing in a good notebook, and names the cell and line of what is wrong", async () => {
  assert.deepEqual(await typeFaults([fixture]), []);
  const wrong = changed("cleanup", "// tidy\nvendors.length = false;\ndebugger;");
  const faults = await typeFaults([wrong]);
  assert.equal(
    faults[0],
    "01_six_rides#cleanup, line 2: Type 'boolean' is not assignable to type 'number'. (TS2322)",
  );
  assert.ok(
    faults.includes(
      "01_six_rides#cleanup, line 3: `debugger` statement is not allowed (no-debugger)",
    ),
    faults.join("\n"),
  );
});
