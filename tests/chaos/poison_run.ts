/**
 * Runs the poisoned application under one policy and judges what came out.
 *
 * @module
 */
import { ProduceSession, type WireRecord } from "../../lib/kafka/engine.ts";
import {
  bytes,
  headerText,
  type Kafka,
  partitionForKey,
  readAll,
  string,
} from "../../lib/kafka/mod.ts";
import { resetApplication } from "../../lib/streams/runtime/mod.ts";
import { type Anomaly, type Entry, findAnomalies } from "./anomalies.ts";
import { type Finished, runScript } from "./child.ts";
import { type Format, poisoned, type PoisonRecord } from "./poison.ts";
import type { Cluster } from "./clusters.ts";

/** How one run goes. */
export interface PoisonRunOptions {
  readonly format: Format;
  readonly policy: "fail" | "skip" | "dead-letter";
  readonly guarantee: "at-least-once" | "exactly-once";
  /** Step of a commit after which the first worker is killed, such as `written@1`. @default none */
  readonly crash?: string;
  readonly random: () => number;
  /** @default 10_000 */
  readonly records?: number;
  /** @default 1_000 */
  readonly bad?: number;
}

/** Where a record was written. */
interface Sent extends PoisonRecord {
  readonly partition: number;
  readonly offset: number;
}

const PARTITIONS = 3;

/** Runs it on topics of its own, which are deleted afterwards. */
export async function poisonRun(
  { kafka, env }: Pick<Cluster, "kafka" | "env">,
  options: PoisonRunOptions,
): Promise<Anomaly[]> {
  const run = `poison.${crypto.randomUUID().slice(0, 8)}`, { policy, format } = options;
  const names = ["in", "copy", "counts"].map((name) => `${run}.${name}`);
  for (const name of names) await kafka.topics.create(name, { partitions: PARTITIONS });
  try {
    const sent = await send(kafka, `${run}.in`, options);
    const args = [run, format.name, policy, options.guarantee];
    const work = (more = {}) => runScript("./poison_worker.ts", args, { ...env, ...more });
    const ends: Finished[] = [];
    if (options.crash) ends.push(await work({ SIGNAL_AT: `crash:${options.crash}` }));
    ends.push(await work());
    if (policy === "fail") return judgeFail(sent, ends.at(-1)!);
    return [
      ...crashFaults(options, ends),
      ...exitFaults(ends.at(-1)!),
      ...(policy === "skip" ? countFaults(sent, ends.at(-1)!) : []),
      ...await goodFaults(kafka, run, sent),
      ...await deadFaults(kafka, run, policy === "skip" ? [] : sent.filter(({ fault }) => fault)),
    ];
  } finally {
    await resetWhenLeft(kafka, run);
    await kafka.topics.delete([...names, `${run}.dead`]);
  }
}

/** Writes them as some other program would: ours does not let the largest through. */
async function send(kafka: Kafka, topic: string, options: PoisonRunOptions): Promise<Sent[]> {
  const { format, random, records = 10_000, bad = 1_000 } = options, sent: Sent[] = [];
  const ends = new Array<number>(PARTITIONS).fill(0);
  const session = new ProduceSession(kafka, "poison");
  let messages: WireRecord[][] = ends.map(() => []), waiting = 0;
  const flush = async () => {
    for (const [partition, some] of messages.entries()) {
      if (some.length > 0) await session.write([{ topic, partition, messages: some }]);
    }
    messages = ends.map(() => []);
    waiting = 0;
  };
  for (const record of poisoned(format, { records, bad, random })) {
    const key = new TextEncoder().encode(record.key), size = record.value?.length ?? 0;
    if (waiting + size > 500_000) await flush();
    const partition = partitionForKey(key, PARTITIONS);
    messages[partition]!.push({ key, value: record.value, timestamp: Date.now() });
    waiting += size + 100;
    sent.push({ ...record, partition, offset: ends[partition]!++ });
  }
  await flush();
  await session.close();
  return sent;
}

/** It must stop at the first bad record of a partition, say which, and end with 1. */
function judgeFail(sent: readonly Sent[], { code, lines }: Finished): Anomaly[] {
  const found: Anomaly[] = [], last = lines.at(-1) ?? "";
  if (code !== 1) found.push({ kind: "wrong exit", detail: `code ${code} under policy "fail"` });
  const named = /offset (\d+) of "([^"]+)" partition (\d+)/.exec(last);
  const firsts = Map.groupBy(sent.filter(({ fault }) => fault), ({ partition }) => partition);
  const first = named && firsts.get(Number(named[3]))?.[0];
  if (first?.offset !== Number(named?.[1])) {
    found.push({
      kind: "unclear error",
      detail: `does not name the record: ${last.slice(0, 300)}`,
    });
  }
  if (/\n\s+at /.test(lines.join("\n"))) {
    found.push({ kind: "unclear error", detail: "a stack was printed" });
  }
  return found;
}

function crashFaults({ crash }: PoisonRunOptions, ends: readonly Finished[]): Anomaly[] {
  if (!crash || ends[0]!.code === 137) return [];
  const detail = `the worker did not reach ${crash}: code ${ends[0]!.code}, ${
    ends[0]!.lines.at(-1)
  }`;
  return [{ kind: "broke off", detail }];
}

function exitFaults({ code, lines }: Finished): Anomaly[] {
  return code === 0 ? [] : [{ kind: "wrong exit", detail: `code ${code}: ${lines.at(-1)}` }];
}

function countFaults(sent: readonly Sent[], { lines }: Finished): Anomaly[] {
  const bad = sent.filter(({ fault }) => fault).length;
  if (lines.includes(`refused ${bad}`)) return [];
  return [{ kind: "wrong answer", detail: `${bad} are bad, it says "${lines.at(-1)}"` }];
}

/** Copies, tombstones too, and running counts of what is good. */
async function goodFaults(kafka: Kafka, run: string, sent: readonly Sent[]): Promise<Anomaly[]> {
  const good = sent.filter(({ fault }) => !fault);
  const copies = await partitions(kafka, `${run}.copy`);
  const tombstones = (records: readonly Entry[]) => records.filter(({ value }) => value === "null");
  const valued = (records: readonly Entry[]) => records.filter(({ value }) => value !== "null");
  const input: Entry[][] = Array.from({ length: PARTITIONS }, () => []);
  for (const { partition, key, value } of good) input[partition]!.push({ key, value: hex(value) });
  const found = findAnomalies({
    input: input.map(valued),
    echo: copies.map(valued),
    counts: await partitions(kafka, `${run}.counts`, string),
    lag: 0,
    openTransactions: 0,
  });
  const wanted = tombstones(input.flat()).length, got = tombstones(copies.flat()).length;
  if (wanted !== got) {
    found.push({ kind: "wrong answer", detail: `${got} tombstones of ${wanted} came through` });
  }
  return found;
}

/** Each bad record once among the dead letters: its bytes, and where it stood and why in the headers. */
async function deadFaults(kafka: Kafka, run: string, bad: readonly Sent[]): Promise<Anomaly[]> {
  const found: Anomaly[] = [], left = new Map(bad.map((one) => [placeOf(one), one]));
  const seen = new Set<string>();
  for (
    const { headers, value } of await readAll(kafka, `${run}.dead`, { key: string, value: bytes })
  ) {
    const header = (name: string) => headerText(headers, `__streams.errors.${name}`) ?? "";
    const place = placeOf({ partition: header("partition"), offset: header("offset") });
    const original = left.get(place);
    if (seen.has(place)) found.push({ kind: "duplicate", detail: `dead letter of ${place}` });
    else if (!original) found.push({ kind: "wrong answer", detail: `no bad record at ${place}` });
    else if (hex(value) !== hex(original.value)) {
      found.push({ kind: "wrong answer", detail: `other bytes in the dead letter of ${place}` });
    }
    if (header("topic") !== `${run}.in` || header("message") === "") {
      found.push({ kind: "unclear error", detail: `the headers of ${place} do not say why` });
    }
    seen.add(place);
  }
  for (const [place, { fault }] of left) {
    if (!seen.has(place)) {
      found.push({ kind: "lost write", detail: `no dead letter of ${place}: ${fault}` });
    }
  }
  return found;
}

const placeOf = (at: { readonly partition: unknown; readonly offset: unknown }) =>
  `partition ${at.partition} offset ${at.offset}`;

const hex = (value: Uint8Array | null) => value === null ? "null" : value.toHex();

async function partitions(
  kafka: Kafka,
  topic: string,
  value?: typeof string,
): Promise<Entry[][]> {
  const lists: Entry[][] = Array.from({ length: PARTITIONS }, () => []);
  const plain = { key: string, value: value ?? bytes };
  for (const one of await readAll<string, string | Uint8Array>(kafka, topic, plain as never)) {
    const shown = typeof one.value === "string" ? one.value : hex(one.value);
    lists[one.partition]!.push({ key: one.key!, value: shown });
  }
  return lists;
}

async function resetWhenLeft(kafka: Kafka, group: string): Promise<void> {
  await kafka.groups.settled(group, { members: 0, timeoutMs: 30_000 });
  await resetApplication(kafka, group);
}
