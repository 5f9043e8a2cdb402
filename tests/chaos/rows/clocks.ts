import { KafkaError, producer, readAll } from "../../../lib/kafka/mod.ts";
import { type App, app, string, TestDriver, topic, tumbling } from "../../../lib/streams/mod.ts";
import { drain, resetApplication, Worker } from "../../../lib/streams/runtime/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import type { Outcome, Row, Trial } from "../row.ts";

const HOUR_MS = 3_600_000;
const ANY_TIME = { "retention.ms": "-1", "message.timestamp.after.max.ms": "9223372036854775807" };
const serdes = { key: string, value: string };

interface Stamped {
  readonly key: string;
  readonly value: string;
  readonly timestamp: number;
}

/** R13: clocks that are wrong. */
export const clocks: Row = {
  id: "R13",
  name: "clocks",
  about:
    "timestamps of 2021, 0, before 1970 (skipped), of the year 9999, clocks that jump by +2 h and -1 h: every result is the test " +
    "driver's; a topic that refuses such a time is named",
  brokers: 1,
  gate: false,
  rounds: 2,
  gateRounds: 1,
  run: (trial) => run(trial, (records) => records),
  control: {
    about: "the test driver's records come in the order of their times",
    finds: ["wrong answer"],
    run: (trial) => run(trial, (records) => records.toSorted((a, b) => a.timestamp - b.timestamp)),
  },
};

async function run(
  { cluster: { kafka }, random, round, tell }: Trial,
  seen: (records: readonly Stamped[]) => readonly Stamped[],
): Promise<Outcome> {
  const name = `clocks.${crypto.randomUUID().slice(0, 8)}`, output = `${name}.out`;
  const guarantee = round % 2 === 0 ? "exactly-once" : "at-least-once", records = jumping(random);
  for (const one of [`${name}.in`, output]) {
    await kafka.topics.create(one, { partitions: 1, config: ANY_TIME });
  }
  const start = () =>
    Worker.start(kafka, application(name).topology(), { guarantee, sessionTimeoutMs: 2_000 });
  try {
    await using out = producer(kafka, { key: string, value: string });
    await out.send(`${name}.in`, records);
    const worker = await start();
    await drain(worker);
    await worker.stop();
    const found = (await readAll(kafka, output, { key: string, value: string }))
      .map(({ key, value, timestamp }) => `${key} ${value} ${timestamp}`);
    const wanted = driven(name, seen(records));
    tell(`${records.length} records, ${found.length} results, ${guarantee}`);
    const anomalies = differences(found, wanted);
    await kafka.topics.configure(output, { "message.timestamp.after.max.ms": `${HOUR_MS}` });
    await out.send(`${name}.in`, [{ key: "far", value: "x", timestamp: Date.now() + 2 * HOUR_MS }]);
    anomalies.push(...await refusal(await start(), output));
    return { anomalies, figures: { records: records.length, results: found.length } };
  } finally {
    await kafka.groups.settled(name, { members: 0, timeoutMs: 30_000 });
    await resetApplication(kafka, name);
    await kafka.topics.delete([`${name}.in`, output]);
  }
}

/** Counts by value through a repartition topic, and by key and minute. */
function application(name: string): App {
  const counting = app(name, { onError: { decode: "skip" } });
  const input = counting.stream(topic(`${name}.in`, serdes));
  const output = topic(`${name}.out`, serdes);
  input.groupBy("value", (value) => value, { key: string }).count("by-value").toStream()
    .mapValues((count) => `${count}`).to(output);
  input.groupByKey().windowedBy(tumbling({ sizeMs: 60_000, graceMs: HOUR_MS })).count("by-minute")
    .toStream().map((count, { key: { key, start } }) => ({
      key: `${key}@${start}`,
      value: `${count}`,
    })).to(output);
  return counting;
}

/** Every clock in turn, each for some records; the year 9999 last but one, as time never goes back from there. */
function jumping(random: () => number): Stamped[] {
  const now = Date.now(), year2021 = Date.UTC(2021, 0, 1), year9999 = Date.UTC(9999, 11, 31);
  const clocks = [
    0,
    -5,
    year2021,
    year2021 + 2 * HOUR_MS,
    year2021 + HOUR_MS,
    now,
    now + 2 * HOUR_MS,
  ];
  return [...clocks, now - HOUR_MS, 0, -HOUR_MS, year9999, now].flatMap((clock) =>
    Array.from({ length: 20 }, (_, n) => ({
      key: `k${n % 3}`,
      value: `v${Math.floor(random() * 4)}`,
      timestamp: clock + Math.floor(random() * 10) * 30_000,
    }))
  );
}

function driven(name: string, records: readonly Stamped[]): string[] {
  const driver = new TestDriver(application(name));
  driver.pipe(topic(`${name}.in`, serdes), ...records);
  const results = driver.read(topic(`${name}.out`, serdes));
  driver.close();
  return results.map(({ key, value, timestamp }) => `${key} ${value} ${timestamp}`);
}

/** The two branches meet in one topic in any order; within a key there is one. */
function differences(found: readonly string[], wanted: readonly string[]): Anomaly[] {
  const byKey = (all: readonly string[]) => Map.groupBy(all, (one) => one.split(" ")[0]!);
  const is = byKey(found), should = byKey(wanted);
  return [...new Set([...is.keys(), ...should.keys()])]
    .filter((key) => `${is.get(key)}` !== `${should.get(key)}`)
    .map((key) => ({
      kind: "wrong answer",
      detail: `${key}: ${is.get(key)}, not ${should.get(key)}`,
    }));
}

/** The worker must end, and its error name the topic and the setting. */
async function refusal(worker: Worker, output: string): Promise<Anomaly[]> {
  const ended = await drain(worker).then(() => "it wrote what the topic refuses", (error) => error);
  await worker.stop().catch(() => {});
  const clear = ended instanceof KafkaError && ended.message.includes(`"${output}"`) &&
    ended.message.includes("message.timestamp.after.max.ms");
  return clear ? [] : [{ kind: "unclear error", detail: `${ended}` }];
}
