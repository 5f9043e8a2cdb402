/**
 * Runs the echo application under faults and gathers the evidence.
 *
 * @module
 */
import { type Kafka, partitionOf, producer, readAll, text } from "../../lib/kafka/mod.ts";
import { type Guarantee, resetApplication } from "../../lib/streams/mod.ts";
import { type Anomaly, type Entry, type Evidence, findAnomalies } from "./anomalies.ts";
import { type EchoTopics, echoTopics } from "./echo_app.ts";
import { Fleet } from "./fleet.ts";
import { LiveReader, openTransactions } from "./live_reader.ts";

/** How one run goes. */
export interface EchoRunOptions {
  readonly guarantee: Guarantee;
  readonly brokers: readonly string[];
  /** @default 2 */
  readonly workers?: number;
  /** @default 3 */
  readonly partitions?: number;
  /** Records a second. @default 400 */
  readonly rate?: number;
  /** @default 2_000 */
  readonly sessionTimeoutMs?: number;
  /** Steps after which the n-th start crashes, such as `written@5`; undefined: it does not. */
  readonly crash?: (start: number) => string | undefined;
  /** Folder for tables on disk, one below for each worker. @default in memory */
  readonly storeDir?: string;
  /** Does harm while records flow; the run ends when it is done. `run` is the application's id. */
  readonly faults: (fleet: Fleet, run: string) => Promise<void>;
}

/** What a run gave. */
export interface EchoRun {
  readonly anomalies: readonly Anomaly[];
  readonly records: number;
  /** Crash points that were reached. */
  readonly crashes: number;
  /** Lines about tasks that had to begin again: fenced, or a commit of unknown outcome. */
  readonly lost: readonly string[];
  readonly evidence: Evidence;
}

const KEYS = 11;

/** Runs it on topics of its own, which are deleted afterwards. */
export async function echoRun(kafka: Kafka, options: EchoRunOptions): Promise<EchoRun> {
  const { partitions = 3, workers = 2, sessionTimeoutMs = 2_000 } = options;
  const run = `echo.${crypto.randomUUID().slice(0, 8)}`, topics = echoTopics(run);
  for (const topic of Object.values(topics)) await kafka.topics.create(topic, { partitions });
  const fleet = new Fleet({
    workers,
    script: new URL("./echo_worker.ts", import.meta.url).pathname,
    args: [run, options.guarantee, `${sessionTimeoutMs}`],
    env: (start, { place, spared }) => ({
      KAFKA_BROKERS: options.brokers.join(","),
      ...crashEnv(spared ? undefined : options.crash?.(start)),
      ...storeEnv(options.storeDir, place),
    }),
  });
  try {
    const reader = new LiveReader(kafka, topics.echo, partitions);
    const feed = new Feed(kafka, { topic: topics.input, partitions, rate: options.rate ?? 400 });
    await options.faults(fleet, run);
    const input = await feed.stop();
    const lag = await rest(kafka, run, topics);
    const crashes = fleet.selfKills;
    await fleet.end("SIGINT");
    const seen = await reader.stop();
    const echo = await entries(kafka, topics.echo, partitions);
    const evidence: Evidence = {
      input,
      echo,
      counts: await entries(kafka, topics.counts, partitions),
      seen,
      lag,
      openTransactions: await openTransactions(kafka, Object.values(topics)),
    };
    const lost = fleet.lines.filter((line) => line.includes('"lost"'));
    const anomalies = [...findAnomalies(evidence), ...await digitFaults(kafka, topics, input)];
    return { anomalies, records: input.flat().length, crashes, lost, evidence };
  } finally {
    await fleet.end();
    // A killed member is counted in until its session is over.
    for (let tries = 0; tries < 100; tries++) {
      if ((await kafka.groups.describe(run)).members.length === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await resetApplication(kafka, run);
    await kafka.topics.delete(Object.values(topics));
  }
}

function crashEnv(crash: string | undefined): Record<string, string> {
  return crash === undefined ? {} : { CRASH: crash };
}

function storeEnv(directory: string | undefined, place: number): Record<string, string> {
  if (directory === undefined) return {};
  Deno.mkdirSync(`${directory}/${place}`, { recursive: true });
  return { STORE_DIR: `${directory}/${place}` };
}

/** Writes numbers at a steady rate, key by key on the partition that Java would choose. */
class Feed {
  readonly #input: Entry[][];
  readonly #writing: Promise<void>;
  #stopped = false;

  constructor(
    kafka: Kafka,
    options: { readonly topic: string; readonly partitions: number; readonly rate: number },
  ) {
    this.#input = Array.from({ length: options.partitions }, () => []);
    this.#writing = this.#write(kafka, options);
  }

  /** What was acknowledged, partition by partition. */
  async stop(): Promise<readonly (readonly Entry[])[]> {
    this.#stopped = true;
    await this.#writing;
    return this.#input;
  }

  async #write(
    kafka: Kafka,
    { topic, partitions, rate }: {
      readonly topic: string;
      readonly partitions: number;
      readonly rate: number;
    },
  ): Promise<void> {
    await using out = producer(kafka, { key: text, value: text });
    for (let number = 0; !this.#stopped;) {
      const batch = Array.from({ length: Math.ceil(rate / 20) }, () => {
        const key = `k${(number * 7) % KEYS}`;
        return { key, value: `${number++}` };
      });
      await out.send(topic, batch);
      for (const record of batch) {
        const partition = partitionOf(new TextEncoder().encode(record.key), partitions);
        this.#input[partition]!.push(record);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Waits until everything is committed, half a minute at most; gives what is left. */
async function rest(kafka: Kafka, group: string, { input }: EchoTopics): Promise<number> {
  const internal = `${group}-digit-repartition`;
  for (const deadline = Date.now() + 30_000;;) {
    const lag = (await kafka.groups.lag(group))
      .filter(({ topic }) => topic === input || topic === internal)
      .reduce((sum, one) => sum + one.lag, 0);
    if (lag === 0 || Date.now() > deadline) return lag;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function entries(kafka: Kafka, topic: string, partitions: number): Promise<Entry[][]> {
  const lists: Entry[][] = Array.from({ length: partitions }, () => []);
  for (
    const { partition, key, value } of await readAll(kafka, topic, {
      key: text,
      value: text,
    })
  ) lists[partition]!.push({ key: key!, value: value! });
  return lists;
}

/** Behind a repartition topic the order between keys is free; each key's counts are 1, 2, 3, … all the same. */
async function digitFaults(
  kafka: Kafka,
  { digits }: EchoTopics,
  input: readonly (readonly Entry[])[],
): Promise<Anomaly[]> {
  const expected = new Map<string, number>(), counted = new Map<string, number>();
  for (const { value } of input.flat()) {
    const digit = value.slice(-1);
    expected.set(digit, (expected.get(digit) ?? 0) + 1);
  }
  const found: Anomaly[] = [];
  for (
    const { key, value } of await readAll(kafka, digits, {
      key: text,
      value: text,
    })
  ) {
    const digit = key!;
    const next = (counted.get(digit) ?? 0) + 1;
    if (value !== `${next}`) {
      found.push({
        kind: "inconsistent count",
        detail: `digit ${digit}: ${value} after ${next - 1}`,
      });
    }
    counted.set(digit, Number(value));
  }
  for (const [digit, count] of expected) {
    if (counted.get(digit) === count) continue;
    const detail = `digit ${digit}: ${counted.get(digit) ?? 0} at last, not ${count}`;
    found.push({ kind: "inconsistent count", detail });
  }
  return found;
}
