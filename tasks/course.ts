/** `deno task course`: runs the notebooks headless in the real kernel on a real cluster. */
import {
  asksTheCluster,
  type Lecture,
  lectures,
  type NotebookRun,
  runNotebook,
  valueFaults,
  verdictFaults,
} from "../lib/course/mod.ts";
import { pythonOf } from "../lib/lab/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import { callerPath, door, open } from "./_door.ts";
import { keepingFiles } from "./_kept_files.ts";
import { type Stop, stopOnSignals } from "./_stop.ts";
import { onCluster } from "./_on_cluster.ts";
import type { World } from "./_world.ts";

interface Flags {
  readonly solutions?: boolean;
  readonly both?: boolean;
  readonly accept?: boolean;
  readonly html?: string;
  readonly json?: boolean;
}

await open(
  door(
    "course",
    "Runs notebooks headless, as JupyterLab's Run All does; names the cell that fails.",
  )
    .argument("[notebooks...]", "numbers or names, such as 04; none means all")
    .allowExcessArguments(true)
    .option("--solutions", "put the solutions in place; then each check must say yes")
    .option(
      "--both",
      "judge each stub, then its solution (and, by checks that ask the cluster, other answers), in one run",
    )
    .option("--accept", "a check that says yes to what stands in the notebook is no fault")
    .option("--html <dir>", "write executed copies as HTML into this folder")
    .option("--json", "JSON lines on stdout")
    .action(async (wanted: string[], flags: Flags) => {
      const all = await lectures(wanted);
      if (all.length === 0) throw new Error("Cannot run the course: notebooks/ holds no notebook");
      const python = await pythonOf({ progress: ({ text }) => say(text) });
      const stop = stopOnSignals();
      const failed = await onCluster((env) => runAll(all, { flags, python, env, stop }), say);
      if (stop.signal.aborted) Deno.exit(stop.exitCode());
      say(`${all.length - failed} passed, ${failed} failed`);
      if (failed > 0) Deno.exit(1);
    }),
);

/** People's lines go to stderr when stdout is for programs; otherwise it is one stream to read. */
function say(line: string): void {
  if (Deno.args.includes("--json")) console.error(line);
  else console.log(line);
}

interface Job {
  readonly flags: Flags;
  readonly python: string;
  readonly env: World;
  readonly stop: Stop;
}

/** Runs the notebooks one after another and gives the number that failed. */
async function runAll(all: readonly Lecture[], job: Job): Promise<number> {
  let failed = 0;
  for (const lecture of all) {
    const startedMs = performance.now();
    // 07 edits a schema file, as the original asks; stopped half-way, it must not stay edited.
    const schemas = `${folders().root}/schemas`;
    const run = await keepingFiles(schemas, () => runOne(lecture, job));
    if (job.stop.signal.aborted) break;
    const seconds = (performance.now() - startedMs) / 1000;
    const wrong = faultsOf(run, job.flags);
    if (wrong.length > 0) failed++;
    report({ run, wrong, seconds, json: job.flags.json ?? false });
  }
  return failed;
}

function runOne(lecture: Lecture, { flags, python, env, stop }: Job) {
  const { path, notebook, solutions } = lecture;
  return runNotebook(path, {
    python,
    env,
    signal: stop.signal,
    ...(flags.solutions
      ? { replace: solutions }
      : flags.both
      ? { solve: solutions, answers: askingTheCluster(lecture) }
      : {}),
    ...(flags.html === undefined
      ? {}
      : { html: `${callerPath(flags.html)}/${notebook.name}.html` }),
  });
}

/** Answers that can be judged only where Kafka and the registry run; a unit test judges the others. */
function askingTheCluster({ notebook, answers }: Lecture) {
  const sources = new Map(notebook.cells.map(({ id, source }) => [id, source]));
  return answers.filter(({ stub }) =>
    asksTheCluster(sources.get(stub.replace(/-code$/, "-check")) ?? "")
  );
}

/** One line for each thing that is wrong, beginning with `notebook#cell`. */
function faultsOf(run: NotebookRun, { accept = false }: Flags): readonly string[] {
  const values = accept ? [] : valueFaults(run);
  const faults = run.failure === undefined
    ? [...verdictFaults(run, { accept }), ...values]
    : [run.failure];
  return faults.map(({ cell, name, message }) => `${run.name}#${cell}  ${name}: ${message}`);
}

interface Report {
  readonly run: NotebookRun;
  readonly wrong: readonly string[];
  readonly seconds: number;
  readonly json: boolean;
}

function report({ run, wrong, seconds, json }: Report): void {
  const checks = Object.entries(Object.groupBy(run.verdicts, ({ verdict }) => verdict))
    .map(([verdict, those]) => `${those!.length} ${verdict}`).join(", ");
  const rounded = Math.round(seconds * 10) / 10;
  if (json) {
    const { name, cells, verdicts } = run;
    console.log(
      JSON.stringify({
        notebook: name,
        ok: wrong.length === 0,
        seconds: rounded,
        cells,
        verdicts,
        wrong,
      }),
    );
  }
  const told = `${run.name}  ${rounded} s · ${run.cells} cells${
    checks === "" ? "" : ` · checks: ${checks}`
  }`;
  say(`${wrong.length === 0 ? "✓" : "✗"} ${told}`);
  for (const fault of wrong) say(`  ✗ ${fault}`);
}
