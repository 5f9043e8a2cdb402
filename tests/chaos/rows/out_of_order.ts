import { sleep } from "../../../lib/async/mod.ts";
import { producer, readAll } from "../../../lib/kafka/mod.ts";
import {
  type App,
  app,
  droppedRecords,
  json,
  string,
  topic,
  tumbling,
} from "../../../lib/streams/mod.ts";
import { drain, resetApplication, Worker } from "../../../lib/streams/runtime/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import type { Outcome, Row, Trial } from "../row.ts";

const KEYS = 10;
const VALUES = 1_000;
/** How far a record may be from its place, as in Kafka's own smoke test. */
const SHUFFLED_WITHIN = 10;
const STEP_MS = 1_000;
/** One record in so many is old, by up to an hour. */
const OLD_EVERY = 20;
const MINUTE_MS = 60_000;
/** Within this time the broker looks for records that are too old, and deletes them; these are of 2021. */
const CLEANED_MS = 17_000;
const GRACE_MS = 30 * MINUTE_MS;

interface Sums {
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly count: number;
}

/** What a run must give, or gave. */
interface Results {
  readonly sums: Record<string, Sums>;
  /** `key@minute` -> count. */
  readonly minutes: Record<string, number>;
  readonly late: number;
}

/** R12: records out of order, within ten places and by up to an hour. */
export const outOfOrder: Row = {
  id: "R12",
  name: "out-of-order",
  about:
    "10 keys x 1,000 values shuffled, some an hour old, the worker started anew half-way: minimum, maximum, sum, count and " +
    "each minute equal a recomputation, and so does the number of late records",
  brokers: 1,
  gate: false,
  rounds: 2,
  gateRounds: 1,
  run: (trial) => run(trial, { graceMs: GRACE_MS }),
  control: {
    about: "windows close a minute too soon",
    finds: ["inconsistent count", "wrong answer"],
    run: (trial) => run(trial, { graceMs: GRACE_MS - MINUTE_MS }),
  },
};

async function run(
  { cluster: { kafka }, random, round, tell }: Trial,
  { graceMs }: { readonly graceMs: number },
): Promise<Outcome> {
  const name = `order.${crypto.randomUUID().slice(0, 8)}`;
  const topics = ["in", "sums", "minutes"].map((one) => `${name}.${one}`);
  for (const one of topics) await kafka.topics.create(one, { partitions: 2 });
  const guarantee = round % 2 === 0 ? "exactly-once" : "at-least-once";
  const records = shuffled(random);
  const half = records.length / 2, parts = [records.slice(0, half), records.slice(half)];
  const topology = application(name, graceMs).topology();
  let late = 0;
  try {
    for (const part of parts) {
      await using out = producer(kafka, { key: string, value: string });
      await out.send(`${name}.in`, part);
      const worker = await Worker.start(kafka, topology, { guarantee, sessionTimeoutMs: 2_000 });
      await drain(worker);
      for (const { task } of worker.tasks.running()) late += droppedRecords(task.metrics(), "late");
      await worker.stop();
      tell(`${part.length} records, ${late} late ones, ${guarantee}`);
      if (round === 0 && part === parts[0]) await sleep(CLEANED_MS);
    }
    const serde = { key: string, value: string };
    const input = await readAll(kafka, `${name}.in`, serde);
    const sums = latest(await readAll(kafka, `${name}.sums`, serde)) as Results["sums"];
    const minutes = latest(await readAll(kafka, `${name}.minutes`, serde)) as Results["minutes"];
    return {
      anomalies: compare({ sums, minutes, late }, recomputed(input)),
      figures: { records: input.length, windows: Object.keys(minutes).length, late },
    };
  } finally {
    await kafka.groups.settled(name, { members: 0, timeoutMs: 30_000 });
    await resetApplication(kafka, name);
    await kafka.topics.delete(topics);
  }
}

function application(name: string, graceMs: number): App {
  const sorting = app(name), serdes = { key: string, value: string };
  const values = sorting.stream(topic(`${name}.in`, serdes)).groupByKey();
  values.aggregate<Sums>(
    "sums",
    { init: () => NOTHING, add: (sums, value) => plus(sums, +value) },
    {
      value: json<Sums>(),
    },
  ).toStream().mapValues((sums) => JSON.stringify(sums)).to(topic(`${name}.sums`, serdes));
  values.windowedBy(tumbling({ sizeMs: MINUTE_MS, graceMs })).count("minutes").toStream()
    .map((count, { key: { key, start } }) => ({ key: `${key}@${start}`, value: `${count}` }))
    .to(topic(`${name}.minutes`, serdes));
  return sorting;
}

const NOTHING: Sums = { min: Infinity, max: -Infinity, sum: 0, count: 0 };

function plus({ min, max, sum, count }: Sums, value: number): Sums {
  return {
    min: Math.min(min ?? Infinity, value),
    max: Math.max(max ?? -Infinity, value),
    sum: sum + value,
    count: count + 1,
  };
}

/** Each key's values once, none far from its place; some with a time long before it. */
function shuffled(random: () => number) {
  const all = Array.from({ length: KEYS * VALUES }, (_, n) => ({
    key: `k${n % KEYS}`,
    value: `${Math.floor(n / KEYS)}`,
    timestamp: Date.UTC(2021, 0, 1) + n * STEP_MS -
      (random() < 1 / OLD_EVERY ? Math.floor(random() * 60 * MINUTE_MS) : 0),
  }));
  return all.map((record, n) => ({ record, place: n + random() * SHUFFLED_WITHIN }))
    .sort((a, b) => a.place - b.place).map(({ record }) => record);
}

/** From the log itself: a partition's time is the latest it has seen, and a window is open until grace after its end. */
function recomputed(
  input: readonly {
    readonly key: string | null;
    readonly value: string | null;
    readonly timestamp: number;
    readonly partition: number;
  }[],
): Results {
  const sums: Record<string, Sums> = {}, minutes: Record<string, number> = {}, now: number[] = [];
  let late = 0;
  for (const { key, value, timestamp, partition } of input) {
    sums[key!] = plus(sums[key!] ?? NOTHING, +value!);
    now[partition] = Math.max(now[partition] ?? -1, timestamp);
    const start = timestamp - timestamp % MINUTE_MS, window = `${key}@${start}`;
    if (start + MINUTE_MS + GRACE_MS <= now[partition]) late++;
    else minutes[window] = (minutes[window] ?? 0) + 1;
  }
  return { sums, minutes, late };
}

function latest(
  records: readonly { readonly key: string | null; readonly value: string | null }[],
): Record<string, unknown> {
  return Object.fromEntries(records.map(({ key, value }) => [key, JSON.parse(value!)]));
}

function compare(found: Results, wanted: Results): Anomaly[] {
  const anomalies: Anomaly[] = [];
  for (const table of ["sums", "minutes"] as const) {
    for (const key of new Set([...Object.keys(found[table]), ...Object.keys(wanted[table])])) {
      const [is, should] = [found, wanted].map((one) => JSON.stringify(one[table][key]));
      if (is === should) continue;
      anomalies.push({ kind: "inconsistent count", detail: `${key} is ${is}, not ${should}` });
    }
  }
  if (found.late !== wanted.late) {
    anomalies.push({ kind: "wrong answer", detail: `${found.late} late, not ${wanted.late}` });
  }
  return anomalies;
}
