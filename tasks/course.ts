/** `deno task course`: runs the notebooks headless in the real kernel on a real cluster. */
import {
  type Lecture,
  lectures,
  type NotebookRun,
  runNotebook,
  verdictFaults,
} from "../lib/course/mod.ts";
import { pythonOf } from "../lib/lab/mod.ts";
import { folders, kafkaSettings } from "../lib/settings/mod.ts";
import { callerPath, door, open } from "./_door.ts";
import { keepingFiles } from "./_kept_files.ts";
import { type Stop, stopOnSignals } from "./_stop.ts";
import { withCluster, type World } from "./_world.ts";

interface Flags {
  readonly solutions?: boolean;
  readonly both?: boolean;
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
    .option("--both", "judge each stub, then its solution, in one run")
    .option("--html <dir>", "write executed copies as HTML into this folder")
    .option("--json", "JSON lines on stdout")
    .action(async (wanted: string[], flags: Flags) => {
      const all = await lectures(wanted);
      if (all.length === 0) throw new Error("Cannot run the course: notebooks/ holds no notebook");
      const python = await pythonOf({ progress: ({ text }) => say(text) });
      const stop = stopOnSignals();
      const failed = await onCluster((env) => runAll(all, { flags, python, env, stop }));
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

/** The cluster that answers, or one made for this run on ports of its own and thrown away after it. */
async function onCluster<T>(use: (env: World) => Promise<T>): Promise<T> {
  if (Deno.env.get("KAFKA_BROKERS") || await answers(kafkaSettings().brokers[0]!)) {
    return await use({});
  }
  say("No Kafka answers: starting one for this run");
  return await withCluster(use);
}

async function answers(broker: string): Promise<boolean> {
  const colon = broker.lastIndexOf(":");
  try {
    const hostname = broker.slice(0, colon), port = Number(broker.slice(colon + 1));
    (await Deno.connect({ hostname, port })).close();
    return true;
  } catch {
    return false;
  }
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
    const wrong = faultsOf(run);
    if (wrong.length > 0) failed++;
    report({ run, wrong, seconds, json: job.flags.json ?? false });
  }
  return failed;
}

function runOne({ path, notebook, solutions }: Lecture, { flags, python, env, stop }: Job) {
  return runNotebook(path, {
    python,
    env,
    signal: stop.signal,
    ...(flags.solutions ? { replace: solutions } : flags.both ? { solve: solutions } : {}),
    ...(flags.html === undefined
      ? {}
      : { html: `${callerPath(flags.html)}/${notebook.name}.html` }),
  });
}

/** One line for each thing that is wrong, beginning with `notebook#cell`. */
function faultsOf(run: NotebookRun): readonly string[] {
  const faults = run.failure === undefined ? verdictFaults(run) : [run.failure];
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
