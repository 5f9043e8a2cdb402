import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { pythonOf } from "../lab/mod.ts";
import { parseNotebook } from "./notebook.ts";
import { type NotebookRun, runNotebook, verdictFaults } from "./run_notebook.ts";

const PATH = fileURLToPath(new URL("./fixtures/01_six_rides.ipynb", import.meta.url));
const SOLUTION = { "ex-1-code": "const rides: number = 3;" };
const python = await pythonOf();

/** Runs the fixture in a kernel of its own, with some cells replaced. */
function run(replace: Readonly<Record<string, string>> = {}): Promise<NotebookRun> {
  return runNotebook(PATH, { python, replace });
}

Deno.test("runNotebook() hears the check refuse the stub and accept the solution, in one kernel", async () => {
  const both = await runNotebook(PATH, { python, solve: SOLUTION });
  assert.equal(both.failure, undefined);
  assert.deepEqual(both.verdicts.map(({ cell, verdict, solved }) => [cell, verdict, solved]), [
    ["ex-1-check", "not tried", false],
    ["ex-1-check", "yes", true],
  ]);
  assert.deepEqual(verdictFaults(both), []);
});

Deno.test("verdictFaults() names a check that refuses the solution, and one that accepts the stub", async () => {
  const refuses = await run({ "ex-1-code": "const rides = 4;" });
  assert.deepEqual(verdictFaults(refuses), [{
    cell: "ex-1-check",
    name: "Check refuses the solution",
    message: '"rides of vendor 2" says not yet: vendor 2 has not 4 rides',
  }]);
  const yes = await run({ "ex-1-check": 'await check("all is well", 1, 1);' });
  assert.equal(verdictFaults(yes)[0]?.name, "Check accepts the stub");
});

Deno.test("runNotebook() names any one cell that breaks", async () => {
  const cells = parseNotebook("01_six_rides", await Deno.readTextFile(PATH)).cells;
  for (const { id, source } of cells.filter(({ kind }) => kind === "code")) {
    const broken = await run({ [id]: `${source}\nthrow new RangeError("broken on purpose");` });
    assert.deepEqual(broken.failure, {
      cell: id,
      name: "RangeError",
      message: "broken on purpose",
    });
  }
});

Deno.test("runNotebook() says where a cell does not parse", async () => {
  const { failure } = await run({ "count-run": "const one = 1;\nconst two = ;" });
  assert.equal(failure?.cell, "count-run");
  assert.equal(failure?.name, "SyntaxError");
  assert.match(failure!.message, /^Expression expected \(line 2, column 13\)/);
});

Deno.test("an error's stack in a kernel holds the cell's own lines, none of a library", async () => {
  const { failure } = await run({
    "count-run": `import { parse } from "csv-parse/sync";
const text = '1,"';
try { parse(text); } catch (error) { throw new Error(error.stack); }`,
  });
  assert.match(failure!.message, /^Error: Quote Not Closed: .*\n {4}at <anonymous>:\d+:\d+$/);
});

Deno.test("runNotebook() fails for an error that nobody catches", async () => {
  const { failure } = await run({ "count-run": 'void Promise.reject(new TypeError("lost"));' });
  assert.deepEqual(failure, { cell: "count-run", name: "Unhandled", message: "TypeError: lost" });
});

const BUTTON = new URL("./stop_button.ts", import.meta.url).href;
const PRESS = 'Deno.kill(Deno.pid, "SIGINT");';

Deno.test("the stop button ends what the cell awaits, and the kernel lives", async () => {
  const imports = 'import { attempt, check, stoppable, yourTurn } from "lib/course/mod.ts";';
  const stopped = await run({
    setup: `${imports}\nconst rides = 3, vendors = [1];
      const waits = attempt(() => stoppable(new Promise<never>(() => {})));`,
    "count-run": `${PRESS}\nconst tried = await waits;`,
    "ex-1-code": "",
    "ex-1-check": 'await check("stopped", tried, (it) => !it.ok && it.name === "Stopped");',
  });
  assert.equal(stopped.failure, undefined);
  assert.deepEqual(stopped.verdicts.map(({ verdict }) => verdict), ["yes"]);
});

Deno.test("the stop button ends a loop that never pauses, with a word about it", async () => {
  const { failure } = await run({
    setup: `const { watchdogReady } = await import(${
      JSON.stringify(BUTTON)
    }); await watchdogReady();`,
    "count-run": `${PRESS}\nwhile (true) {}`,
  });
  assert.equal(failure?.cell, "count-run");
  assert.equal(failure?.name, "KernelDied");
  assert.match(failure!.message, /^■ Your cell was in a loop that never pauses/);
});
