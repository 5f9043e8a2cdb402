import type { Kafka } from "../../lib/kafka/mod.ts";
import type { Engine, Job } from "../engines/engine.ts";
import { type ProcessFigures, processFigures } from "./process_figures.ts";
import { startProgram } from "./start.ts";
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
 * @throws {Error} If the process fails, or has no result in three minutes.
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
  try {
    await using program = startProgram(engine.program(job), brokers);
    program.failed.catch((error) => over.abort(error));
    const results = engine.results(job);
    const seen = await watch(kafka, { results, expected, signal: over.signal });
    const figures = await processFigures(program.pid) ?? { cpuSeconds: NaN, peakMb: NaN };
    return {
      seconds: (seen.lastMs - program.startedMs) / 1_000,
      firstSeconds: (seen.firstMs - program.startedMs) / 1_000,
      correct: seen.correct,
      ...figures,
    };
  } finally {
    clearTimeout(late);
  }
}
