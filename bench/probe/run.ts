import type { Kafka } from "../../lib/kafka/mod.ts";
import type { Engine, Job, Program } from "../engines/engine.ts";
import { type ProcessFigures, processFigures } from "./process_figures.ts";
import { watch } from "./watch.ts";

/** What one run of one engine took. */
export interface Run extends ProcessFigures {
  /** From the start of the process to the last result in Kafka's log. */
  readonly seconds: number;
  /** From the start of the process to the first result. */
  readonly firstSeconds: number;
  /** Whether every result was as expected. */
  readonly correct: boolean;
}

/** Far beyond the slowest peer on the slowest machine. */
const LIMIT_MS = 180_000;

/**
 * Runs an engine in a fresh process and times it from outside, with one clock and one reader for all of them.
 *
 * The process is killed when the last result stands in the log: nothing that an engine does on its way out is timed.
 *
 * @throws {Error} If the process ends by itself, or has no result in three minutes.
 */
export async function run(
  { kafka, brokers }: { readonly kafka: Kafka; readonly brokers: string },
  engine: Engine,
  { job, expected }: { readonly job: Job; readonly expected: ReadonlyMap<string, number> },
): Promise<Run> {
  const over = new AbortController();
  const late = setTimeout(
    () => over.abort(new Error(`${engine.peer} gave no result in ${LIMIT_MS / 1_000} s`)),
    LIMIT_MS,
  );
  const startedMs = performance.now();
  const child = start(engine.program(job), brokers);
  const said = new Response(child.stderr).text();
  let running = true;
  const ended = child.status.then(async ({ code }) => {
    running = false;
    over.abort(new Error(`${engine.peer} ended with code ${code}: ${lastWords(await said)}`));
  });
  try {
    const results = engine.results(job);
    const seen = await watch(kafka, { results, expected, signal: over.signal });
    const figures = await processFigures(child.pid) ?? { cpuSeconds: NaN, peakMb: NaN };
    return {
      seconds: (seen.lastMs - startedMs) / 1_000,
      firstSeconds: (seen.firstMs - startedMs) / 1_000,
      correct: seen.correct,
      ...figures,
    };
  } finally {
    clearTimeout(late);
    if (running) child.kill("SIGKILL");
    await ended;
  }
}

/** Starts a program that is timed; what it says on stderr is kept for when it fails. */
function start({ command, args, env }: Program, brokers: string): Deno.ChildProcess {
  return new Deno.Command(command, {
    args: [...args],
    env: { ...env, KAFKA_BROKERS: brokers },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
}

function lastWords(text: string): string {
  return text.trim().split("\n").slice(-3).join(" ").slice(-600) || "it said nothing";
}
