/** The benches that ask whole engines a question: every one started, timed and checked in the same way. */
import type { Bench } from "../bench.ts";
import { comparison, type Line, type Unit } from "../comparison.ts";
import { type Contender, contest } from "../contest.ts";
import { kafkaStreams, SMALL_JVM } from "../engines/kafka_streams.ts";
import { ours, SMALL_HEAP } from "../engines/ours.ts";
import { faust, quix } from "../engines/python.ts";
import type { Question } from "../load/expected.ts";
import type { Run } from "../probe/run.ts";
import type { Played } from "../turns.ts";

const SMALL = 200_000, LARGE = 1_000_000, MANY_KEYS = 2_000_000;
/** What Faust gets: rates are compared, as it would take minutes for all. */
const FEW = 20_000;

/** Records a second, from the start of the process to the last result in the log. */
const rate: Measure = {
  unit: "records/s",
  of: ({ seconds }, records) => records / seconds,
};

/** Most memory that the process had. */
const peak: Measure = { unit: "MB", of: ({ peakMb }) => peakMb };

/** The benches; the first contender of each is ours. */
export const ENGINE_BENCHES: readonly Bench[] = [
  bench("count-200k", {
    about: "counts 200,000 rides per vendor: repartition, table, changelog (Faust: 20,000)",
    measure: rate,
    contenders: [
      { engine: ours(), records: SMALL },
      { engine: kafkaStreams(), records: SMALL },
      { engine: quix(), records: SMALL },
      { engine: faust(), records: FEW },
    ],
    question: { what: "count" },
  }),
  bench("count-1m", {
    about: "counts 1,000,000 rides per vendor",
    measure: rate,
    contenders: [
      { engine: ours(), records: LARGE },
      { engine: kafkaStreams(), records: LARGE },
    ],
    question: { what: "count" },
  }),
  bench("count-1m-eos", {
    about: "counts 1,000,000 rides per vendor, exactly once",
    measure: rate,
    contenders: [
      { engine: ours("exactly-once"), records: LARGE },
      { engine: ours("at-least-once", "ours-at-least-once"), records: LARGE },
      { engine: kafkaStreams("exactly_once_v2"), records: LARGE },
    ],
    question: { what: "count" },
  }),
  bench("windows", {
    about: "counts 200,000 rides per vendor and minute of pickup (Faust: 20,000)",
    measure: rate,
    contenders: [
      { engine: ours(), records: SMALL },
      { engine: kafkaStreams(), records: SMALL },
      { engine: quix(), records: SMALL },
      { engine: faust(), records: FEW },
    ],
    question: { what: "windows" },
  }),
  bench("branch", {
    about: "sends 200,000 rides to two topics, by their price (Faust: 20,000)",
    measure: rate,
    contenders: [
      { engine: ours(), records: SMALL },
      { engine: kafkaStreams(), records: SMALL },
      { engine: faust(), records: FEW },
    ],
    question: { what: "branch" },
  }),
  bench("memory", {
    about: "peak memory while counting 1,000,000 rides; against 200,000, and Kafka Streams",
    measure: peak,
    contenders: [
      { engine: ours(), records: LARGE },
      { engine: ours("at-least-once", "ours-200k"), records: SMALL },
      { engine: kafkaStreams(), records: LARGE },
    ],
    question: { what: "count" },
  }),
  bench("count-2m-keys", {
    about: "counts 4,000,000 records of 2,000,000 keys with rows on disk, in processes of 400 MB",
    measure: rate,
    contenders: [
      { engine: ours("at-least-once", "ours", SMALL_HEAP), records: 2 * MANY_KEYS },
      { engine: kafkaStreams("at_least_once", SMALL_JVM), records: 2 * MANY_KEYS },
    ],
    question: { what: "distinct", keys: MANY_KEYS },
    mostMb: 400,
  }),
  bench("startup", {
    about: "from the start of the process to the first result, of a record that is there already",
    measure: { unit: "ms", of: ({ firstSeconds }) => firstSeconds * 1_000 },
    contenders: [
      { engine: ours(), records: 2 },
      { engine: kafkaStreams(), records: 2 },
      { engine: faust(), records: 2 },
    ],
    question: { what: "branch" },
  }),
  bench("scaling-records", {
    about: "processor time a record, start included, of 3,000,000 records against 100,000",
    measure: cost(),
    contenders: [
      { engine: ours(), records: 3_000_000 },
      { engine: ours("at-least-once", "ours-100k"), records: 100_000 },
    ],
    question: { what: "count" },
  }),
  bench("scaling-keys", {
    about: "processor time a record, start included, of 100,000 keys against 10",
    measure: cost(),
    contenders: [
      { engine: ours(), records: SMALL, question: { what: "keys", keys: 100_000 } },
      { engine: ours("at-least-once", "ours-10-keys"), records: SMALL },
    ],
    question: { what: "keys", keys: 10 },
  }),
];

/** One figure out of a run. */
interface Measure {
  readonly unit: Unit;
  readonly of: (run: Run, records: number) => number;
}

function cost(): Measure {
  return { unit: "CPU µs/record", of: ({ cpuSeconds }, records) => cpuSeconds / records * 1e6 };
}

interface EngineBench {
  readonly about: string;
  readonly measure: Measure;
  /** Ours first. */
  readonly contenders: readonly (Omit<Contender, "question"> & Partial<Contender>)[];
  /** What they are asked, where they do not say otherwise. */
  readonly question: Question;
  /** Most memory that a process of ours may take; its peak is then a line of its own. @default not looked at */
  readonly mostMb?: number;
}

function bench(
  name: string,
  { about, measure, contenders, question, mostMb }: EngineBench,
): Bench {
  return {
    name,
    about,
    async *run({ ground, rounds }) {
      const asked = contenders.map((one) => ({ question, ...one }));
      const played = await contest(await ground(), asked, rounds);
      for (const { unit, of } of mostMb === undefined ? [measure] : [measure, peak]) {
        const [ours, ...peers] = played.map((one, i) => ({
          ...one,
          figures: one.turns.map((run) => of(run, asked[i]!.records)),
        }));
        const isWithin = ours!.turns.every(({ peakMb }) => !(peakMb > (mostMb ?? Infinity)));
        for (const peer of peers) yield lineOf(name, { unit, ours: ours!, peer, isWithin });
      }
    },
  };
}

interface Measured extends Played<Run> {
  readonly figures: readonly number[];
}

function lineOf(
  bench: string,
  { unit, ours, peer: { peer, missing, turns, figures }, isWithin }: {
    readonly unit: Unit;
    readonly ours: Measured;
    readonly peer: Measured;
    /** Whether ours kept to its memory. */
    readonly isWithin: boolean;
  },
): Line {
  if (missing !== undefined) return { bench, peer, missing };
  const pairs = ours.figures.map((figure, round) => ({ ours: figure, theirs: figures[round]! }));
  if (pairs.some((pair) => Number.isNaN(pair.ours))) {
    return { bench, peer, missing: "this system does not tell (no /proc)" };
  }
  const correct = isWithin && [...ours.turns, ...turns].every((run) => run.correct);
  return comparison({ bench, peer, unit, correct }, pairs);
}
