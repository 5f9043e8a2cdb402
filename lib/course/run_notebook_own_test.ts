import assert from "node:assert/strict";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { pythonOf } from "../lab/mod.ts";
import { here } from "../platform/mod.ts";
import { parseNotebook } from "./notebook.ts";
import {
  notebookFolder,
  type NotebookRun,
  runNotebook,
  type RunOptions,
  valueFaults,
  verdictFaults,
} from "./run_notebook.ts";

const PATH = fileURLToPath(new URL("./fixtures/01_six_rides.ipynb", import.meta.url));
const SOLUTION = { "ex-1-code": "const rides: number = 3;" };
const python = await pythonOf();

/** Runs the fixture in a kernel of its own, with some cells replaced. */
function run(
  replace: Readonly<Record<string, string>> = {},
  more: Partial<RunOptions> = {},
): Promise<NotebookRun> {
  return runNotebook(PATH, { python, replace, ...more });
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

Deno.test("valueFaults() names a cell below which the kernel shows its last expression, also before a declaration", async () => {
  const push = (word = "") => `const list = [4];\n${word}list.push(7);\nconst more = 1;`;
  const shown = await run({ "count-run": push(), "ex-1-code": "const rides = 4;\nrides + 1;" });
  assert.equal(shown.failure, undefined);
  assert.deepEqual(valueFaults(shown), [{
    cell: "count-run",
    name: "Value shown",
    message: "2 (show() it, or put void before the expression)",
  }]);
  assert.deepEqual(valueFaults(await run({ "count-run": push("void ") })), []);
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

Deno.test("runNotebook() that goes on tells each cell that failed, and what the checks after them said", async () => {
  const ran = await run({
    "count-run": 'throw new RangeError("broken on purpose");',
    "ex-1-code": "const check = () => {}; const rides = 4;",
    "ex-1-check": `import { check } from "lib/course/mod.ts";
await check("rides", rides, (mine) => mine === 3 || "not 4");`,
    "cleanup": "nothing.here;",
  }, { goOn: true });
  assert.deepEqual(ran.failures.map(({ cell }) => cell), ["count-run", "cleanup"]);
  assert.deepEqual(ran.verdicts.map(({ cell, hint }) => [cell, hint]), [["ex-1-check", "not 4"]]);
});

Deno.test("runNotebook() tries shipped answers after the solution, and verdictFaults() holds each to its word", async () => {
  const answer = (id: string, right: boolean, source: string, says = "") => ({
    id,
    stub: "ex-1-code",
    right,
    says,
    source,
  });
  const tried = await runNotebook(PATH, {
    python,
    solve: SOLUTION,
    answers: [
      answer("ex-1-right-2", true, "const rides = 2 + 1;"),
      answer("ex-1-wrong-1", false, "const rides = 4;", "vendor 2 has not 4 rides"),
      answer("ex-1-wrong-2", false, "const rides = 5;", "vendor 2 has not 4 rides"),
      answer("ex-1-wrong-3", false, "const rides = 3;", "3 it is"),
    ],
  });
  assert.deepEqual(verdictFaults(tried).map(({ name }) => name), [
    "Check says something else to ex-1-wrong-2",
    "Check accepts ex-1-wrong-3",
  ]);
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

/** What JupyterLab does when ■ is pressed: a signal, and on Windows a file. */
const PRESSES = {
  "a signal": { env: {}, press: 'Deno.kill(Deno.pid, "SIGINT");' },
  "a file": {
    env: { TAXI_STOP_BY: "file" },
    press: `{ const { stopFile } = await import(${JSON.stringify(BUTTON)});
      const { mkdirSync, writeFileSync } = await import("node:fs");
      mkdirSync(stopFile().replace(/[^/]*$/, ""), { recursive: true }); writeFileSync(stopFile(), ""); }`,
  },
} as const;

for (const [how, { press, env }] of Object.entries(PRESSES)) {
  Deno.test(`the stop button, by ${how}, ends what the cell awaits, and the kernel lives`, async () => {
    const imports = 'import { attempt, check, stoppable, yourTurn } from "lib/course/mod.ts";';
    const stopped = await run({
      setup: `${imports}\nconst rides = 3, vendors = [1];
      const waits = attempt(() => stoppable(new Promise<never>(() => {})));`,
      "count-run": `${press}\nconst tried = await waits;`,
      "ex-1-code": "",
      "ex-1-check": 'await check("stopped", tried, (it) => !it.ok && it.name === "Stopped");',
    }, { env });
    assert.equal(stopped.failure, undefined);
    assert.deepEqual(stopped.verdicts.map(({ verdict }) => verdict), ["yes"]);
  });

  Deno.test(`the stop button, by ${how}, ends a loop that never pauses, with a word about it`, async () => {
    const { failure } = await run({
      setup: `const { watchdogReady } = await import(${
        JSON.stringify(BUTTON)
      }); await watchdogReady();`,
      "count-run": `${press}\nwhile (true) {}`,
    }, { env });
    assert.equal(failure?.cell, "count-run");
    assert.equal(failure?.name, "KernelDied");
    assert.match(failure!.message, /^■ Your cell was in a loop that never pauses/);
  });
}

/** A cell that tells its process by a file and stands there. */
const standing = (file: string) =>
  `await Deno.writeTextFile(${
    JSON.stringify(file)
  }, String(Deno.pid));\nawait new Promise(() => {});`;

/** Resolves with the number in a file, once it is there. */
async function pidIn(file: string): Promise<number> {
  for (;;) {
    const text = await Deno.readTextFile(file).catch(() => "");
    if (text !== "") return Number(text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves when a process is gone, or only waits to be collected. */
async function gone(pid: number): Promise<void> {
  const runs = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (runs()) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function inFolder(test: (folder: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  await test(folder).finally(() => Deno.remove(folder, { recursive: true }));
}

Deno.test("runNotebook() that is aborted leaves no kernel, with no signal sent", () =>
  inFolder(async (folder) => {
    const stop = new AbortController(), file = `${folder}/pid`;
    const running = run({ "count-run": standing(file) }, { signal: stop.signal });
    const pid = await pidIn(file);
    stop.abort();
    assert.equal((await running).failure?.name, "NoKernel");
    await gone(pid);
  }));

Deno.test("a kernel ends when the process that started it is killed", () =>
  inFolder(async (folder) => {
    const file = `${folder}/pid`, job = `${folder}/job`;
    await Deno.writeTextFile(job, standing(file));
    const starter = await here.spawn(python, {
      args: [
        "-c",
        STARTER,
        job,
        new URL("./kernel_start.ts", import.meta.url).href,
        Deno.execPath(),
      ],
      cwd: notebookFolder(),
    });
    const pid = await pidIn(file);
    starter.kill();
    await gone(pid);
  }));

/** Starts a kernel, runs the start-up module and a cell in it, and stands there. */
const STARTER = `
import sys, time
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpec
kernel = KernelManager()
kernel._kernel_spec = KernelSpec(argv=[sys.argv[3], "jupyter", "--kernel", "--conn", "{connection_file}"])
kernel.start_kernel()
client = kernel.client()
client.start_channels()
client.wait_for_ready()
client.execute(f'await import("{sys.argv[2]}")')
client.execute(open(sys.argv[1]).read())
time.sleep(600)`;
