import { sleep } from "../../../lib/async/mod.ts";
import { fileURLToPath } from "node:url";
import { type Kafka, producer, string } from "../../../lib/kafka/mod.ts";
import { resetApplication } from "../../../lib/streams/runtime/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import { Fleet } from "../fleet.ts";
import { leakFaults, memoryFigures, MemoryWatch } from "../memory_watch.ts";
import type { Outcome, Row, Trial } from "../row.ts";

const MILLION = 1_000_000, KEYS = 100_000, BATCH = 10_000, PARTITIONS = 2;
/** Records that may wait between the feed and the worker: so much is read ahead on disk, no more. */
const AHEAD = 200_000;

/** An hour's records in minutes. */
export const memory: Row = {
  id: "R23",
  name: "memory",
  about:
    "ten million records (a million a round), 100,000 keys, a slow consumer: memory stays flat",
  brokers: 1,
  gate: false,
  rounds: 10,
  gateRounds: 1,
  continuous: true,
  run: (trial) => run(trial, { records: trial.rounds * MILLION, env: {} }),
  control: {
    about: "a worker that keeps ten megabytes a second",
    finds: ["leak"],
    run: (trial) => run(trial, { records: MILLION / 2, env: { LEAK: "1" } }),
  },
};

async function run(trial: Trial, { records, env }: {
  readonly records: number;
  readonly env: Readonly<Record<string, string>>;
}): Promise<Outcome> {
  const { kafka, brokers } = trial.cluster;
  const name = `memory.${crypto.randomUUID().slice(0, 8)}`, input = `${name}.in`;
  const output = `${name}.out`;
  for (const topic of [input, output]) await kafka.topics.create(topic, { partitions: PARTITIONS });
  const start = (script: string, args: readonly string[], more: Record<string, string> = {}) =>
    new Fleet({
      workers: 1,
      script: fileURLToPath(new URL(`../${script}`, import.meta.url)),
      args,
      env: () => ({ KAFKA_BROKERS: brokers.join(","), ...more }),
    });
  const worker = start("count_worker.ts", [name, input, output], env);
  const slow = start("slow_consumer.ts", [`${name}.slow`, output]);
  const watches = [worker, slow].map((fleet) => new MemoryWatch(() => fleet.pids));
  const startMs = performance.now();
  try {
    await feed(trial, { group: name, topic: input, records });
    const seconds = (performance.now() - startMs) / 1_000;
    const [ofWorker, ofSlow] = watches.map((watch) => watch.stop());
    await worker.end("SIGINT");
    const figures = memoryFigures(ofWorker!);
    return {
      anomalies: [
        ...leakFaults("the worker", ofWorker!),
        ...leakFaults("the slow consumer", ofSlow!),
        ...sumFaults(worker.lines, records),
      ],
      figures: {
        records,
        "records a second": Math.round(records / seconds),
        "worker MB, first minute": Math.round(figures.firstMb),
        "worker MB, later": Math.round(figures.lastMb),
        "slow consumer MB": Math.round(memoryFigures(ofSlow!).lastMb),
      },
    };
  } finally {
    for (const watch of watches) watch.stop();
    await Promise.all([worker.end(), slow.end()]);
    await clear(kafka, name, [input, output]);
  }
}

/** Writes as fast as the worker counts, and waits until it has counted all. */
async function feed({ cluster: { kafka }, tell }: Trial, { group, topic, records }: {
  readonly group: string;
  readonly topic: string;
  readonly records: number;
}): Promise<void> {
  await using out = producer(kafka, { key: string, value: string });
  for (let written = 0; written < records; written += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, i) => {
      const number = written + i;
      return { key: `k${number * 7 % KEYS}`, value: `${number}` };
    });
    await out.send(topic, batch);
    while (await waiting(kafka, group, topic) > AHEAD) await sleep(100);
    if ((written + BATCH) % MILLION === 0) tell(`${(written + BATCH) / MILLION} million records`);
  }
  while (await waiting(kafka, group, topic) > 0) await sleep(200);
}

async function waiting(kafka: Kafka, group: string, topic: string): Promise<number> {
  const lags = await kafka.groups.lag(group, topic);
  return lags.reduce((sum, { lag }) => sum + lag, 0);
}

function sumFaults(lines: readonly string[], records: number): Anomaly[] {
  const line = lines.find((one) => one.includes('"sum"'));
  const sum = line ? JSON.parse(line) : {};
  if (sum.records === records && sum.keys === KEYS) return [];
  return [{ kind: "wrong answer", detail: `the table says ${line ?? "nothing"}` }];
}

async function clear(kafka: Kafka, name: string, topics: readonly string[]): Promise<void> {
  for (const group of [name, `${name}.slow`]) {
    while ((await kafka.groups.describe(group)).members.length > 0) await sleep(100);
  }
  await kafka.groups.delete(`${name}.slow`);
  await resetApplication(kafka, name);
  await kafka.topics.delete(topics);
}
