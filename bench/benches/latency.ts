/** How long a record takes through the branch program at 100 records a second. */
import type { Bench, BenchOptions } from "../bench.ts";
import { comparison, type Line, quantile } from "../comparison.ts";
import type { Engine } from "../engines/engine.ts";
import { ours } from "../engines/ours.ts";
import { faust } from "../engines/python.ts";
import type { Ground } from "../ground.ts";
import { type Latencies, meter } from "../probe/meter.ts";
import { startProgram } from "../probe/start.ts";
import { type Played, takeTurns } from "../turns.ts";

/** A turn takes half a minute; an engine that never answers is given up. */
const LIMIT_MS = 90_000;

let measured: Promise<readonly Played<Latencies>[]> | undefined;

/** Half of the records are faster. */
export const latencyP50: Bench = bench("latency-p50", 0.5);

/** One in a hundred is slower. */
export const latencyP99: Bench = bench("latency-p99", 0.99);

function bench(name: string, share: number): Bench {
  return {
    name,
    about: `branch at 100 records a second: ms from sending to reading, ${share * 100} % are below`,
    // Both figures come from the same runs.
    run: async function* (options) {
      const [ours, theirs] = await (measured ??= measure(options));
      yield lineOf(name, { share, ours: ours!, theirs: theirs! });
    },
  };
}

function lineOf(
  bench: string,
  { share, ours, theirs }: {
    readonly share: number;
    readonly ours: Played<Latencies>;
    readonly theirs: Played<Latencies>;
  },
): Line {
  const { peer, missing } = theirs;
  if (missing !== undefined) return { bench, peer, missing };
  const correct = [...ours.turns, ...theirs.turns].every(({ wrong }) => wrong === 0);
  const pairs = ours.turns.map(({ ms }, round) => ({
    ours: quantile(ms, share),
    theirs: quantile(theirs.turns[round]!.ms, share),
  }));
  return comparison({ bench, peer, unit: "ms", correct }, pairs);
}

async function measure({ ground, rounds }: BenchOptions): Promise<readonly Played<Latencies>[]> {
  const place = await ground();
  const players = [ours(), faust()].map((engine) => ({
    peer: engine.peer,
    turn: () => turn(place, engine),
  }));
  return await takeTurns(players, rounds);
}

async function turn({ kafka, brokers, drop }: Ground, engine: Engine): Promise<Latencies> {
  await engine.prepare();
  const id = `bench-${crypto.randomUUID().slice(0, 8)}`, folder = await Deno.makeTempDir();
  const [source, high, low] = [`${id}-in`, `${id}-high`, `${id}-low`] as const;
  const over = new AbortController();
  const late = setTimeout(() => over.abort(new Error("it gave no results in 90 s")), LIMIT_MS);
  try {
    for (const topic of [source, high, low]) await kafka.topics.create(topic, { partitions: 2 });
    const job = { question: { what: "branch" }, id, source, records: Infinity, folder } as const;
    await using program = startProgram(engine.program(job), brokers);
    program.failed.catch((error) => over.abort(error));
    return await meter(kafka, { source, high, low, signal: over.signal });
  } finally {
    clearTimeout(late);
    await drop(id);
    await Deno.remove(folder, { recursive: true });
  }
}
