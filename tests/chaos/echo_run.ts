/**
 * Runs the echo application under faults and judges what came out.
 *
 * @module
 */
import { sleep } from "../../lib/async/mod.ts";
import { fileURLToPath } from "node:url";
import type { Kafka } from "../../lib/kafka/mod.ts";
import { type Guarantee } from "../../lib/streams/mod.ts";
import { resetApplication } from "../../lib/streams/runtime/mod.ts";
import type { Anomaly, Evidence } from "./anomalies.ts";
import { type EchoTopics, echoTopics } from "./echo_app.ts";
import { judgeEcho } from "./echo_oracle.ts";
import { Feed } from "./feed.ts";
import { Fleet } from "./fleet.ts";
import { LiveReader, openTransactions } from "./live_reader.ts";
import { standing } from "./standing.ts";

/** How one run goes. */
export interface EchoRunOptions {
  readonly guarantee: Guarantee;
  /** Where the workers connect. */
  readonly brokers: readonly string[];
  /** @default 2 */
  readonly workers?: number;
  /** @default 3 */
  readonly partitions?: number;
  /** Records a second. @default 400 */
  readonly rate?: number;
  /** How many at least, however short the faults are. @default as many as flow meanwhile */
  readonly records?: number;
  /** @default 2_000 */
  readonly sessionTimeoutMs?: number;
  /** Where the n-th start kills or freezes itself, such as `crash:written@5`; undefined: it does not. */
  readonly signalAt?: (start: number) => string | undefined;
  /** Different keys. @default 11 */
  readonly keys?: number;
  /** More for a worker's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** What a worker is, in this folder. @default "echo_worker.ts" */
  readonly script?: string;
  /** Where tables are kept; on disk each worker has a folder that outlives it. @default "memory" */
  readonly store?: "memory" | "sqlite";
  /** Does harm while records flow; the run ends when it is done. */
  readonly faults: (world: Harm) => Promise<void>;
}

/** What faults can reach. */
export interface Harm {
  readonly fleet: Fleet;
  /** The application's id, which is its group, too. */
  readonly run: string;
  readonly topics: EchoTopics;
  readonly feed: Feed;
  readonly reader: LiveReader;
}

/** What a run gave. */
export interface EchoRun {
  readonly anomalies: readonly Anomaly[];
  readonly records: number;
  /** How often a worker ended by itself: its crash points. */
  readonly crashes: number;
  /** Lines about tasks that had to begin again: fenced, or a commit of unknown outcome. */
  readonly lost: readonly string[];
  readonly evidence: Evidence;
  readonly reader: LiveReader;
  /** Everything the workers said. */
  readonly lines: readonly string[];
}

/** Runs it on topics of its own, which are deleted afterwards. */
export async function echoRun(kafka: Kafka, options: EchoRunOptions): Promise<EchoRun> {
  const { partitions = 3, rate = 400, records = 0, keys = 11 } = options;
  const run = `echo.${crypto.randomUUID().slice(0, 8)}`, topics = echoTopics(run);
  for (const topic of Object.values(topics)) await kafka.topics.create(topic, { partitions });
  const stores = options.store === "sqlite" ? await Deno.makeTempDir() : undefined;
  const fleet = startFleet(run, { ...options, stores });
  try {
    const reader = new LiveReader(kafka, topics.echo, partitions);
    const feed = new Feed(kafka, { topic: topics.input, partitions, rate, records, keys });
    await options.faults({ fleet, run, topics, feed, reader });
    const input = await feed.stop();
    const lag = await rest(kafka, run, topics);
    const crashes = fleet.selfKills;
    await fleet.end("SIGINT");
    const judged = await judgeEcho(kafka, {
      ...{ topics, input, lag },
      seen: await reader.stop(),
      openTransactions: await openTransactions(kafka, Object.values(topics)),
    });
    const lost = fleet.lines.filter((line) => line.includes('"lost"'));
    const written = input.flat().length;
    return { ...judged, records: written, crashes, lost, reader, lines: fleet.lines };
  } catch (error) {
    // A worker that lives says nothing but events.
    const said = fleet.lines.filter((line) => !line.startsWith("{")).slice(0, 8).join(" | ");
    const stand = await standing(kafka, { group: run, topics: Object.values(topics) });
    throw new Error(`The run broke off; its workers said: ${said || "nothing"}; ${stand}`, {
      cause: error,
    });
  } finally {
    await fleet.end();
    await forget(kafka, run, topics);
    if (stores) await Deno.remove(stores, { recursive: true });
  }
}

function startFleet(
  run: string,
  { guarantee, brokers, workers = 2, sessionTimeoutMs = 2_000, signalAt, script, stores, env }:
    & EchoRunOptions
    & { readonly stores: string | undefined },
): Fleet {
  return new Fleet({
    workers,
    script: fileURLToPath(new URL(script ?? "echo_worker.ts", import.meta.url)),
    args: [run, guarantee, `${sessionTimeoutMs}`],
    env: (start, { place, spared }) => ({
      KAFKA_BROKERS: brokers.join(","),
      ...env,
      ...signalEnv(spared ? undefined : signalAt?.(start)),
      ...storeEnv(stores, place),
    }),
  });
}

function signalEnv(signalAt: string | undefined): Record<string, string> {
  return signalAt === undefined ? {} : { SIGNAL_AT: signalAt };
}

function storeEnv(directory: string | undefined, place: number): Record<string, string> {
  if (directory === undefined) return {};
  Deno.mkdirSync(`${directory}/${place}`, { recursive: true });
  return { STORE_DIR: `${directory}/${place}` };
}

/** Waits until everything is committed, as long as it goes on; gives what is left. */
async function rest(kafka: Kafka, group: string, { input }: EchoTopics): Promise<number> {
  const internal = `${group}-digit-repartition`;
  for (let deadlineMs = Date.now() + 60_000, least = Infinity;;) {
    const lag = (await kafka.groups.lag(group))
      .filter(({ topic }) => topic === input || topic === internal)
      .reduce((sum, one) => sum + one.lag, 0);
    if (lag < least) [least, deadlineMs] = [lag, Date.now() + 60_000];
    if (lag === 0 || Date.now() > deadlineMs) return lag;
    await sleep(100);
  }
}

async function forget(kafka: Kafka, run: string, topics: EchoTopics): Promise<void> {
  // A killed member is counted in until its session is over.
  for (let tries = 0; tries < 100; tries++) {
    if ((await kafka.groups.describe(run)).members.length === 0) break;
    await sleep(100);
  }
  await resetApplication(kafka, run);
  await kafka.topics.delete(Object.values(topics));
}
