import { sleep } from "../../../lib/async/mod.ts";
import { deleteRecords } from "../../../lib/kafka/engine.ts";
import { type Kafka, producer, readAll } from "../../../lib/kafka/mod.ts";
import { app, string, topic } from "../../../lib/streams/mod.ts";
import {
  drain,
  resetApplication,
  Worker,
  type WorkerEvent,
} from "../../../lib/streams/runtime/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import type { Outcome, Row, Trial } from "../row.ts";

const PER_STEP = 20;

/** A copying application with a repartition topic, and what is done to its topics. */
interface Run {
  readonly kafka: Kafka;
  readonly name: string;
  readonly anomalies: Anomaly[];
  readonly gaps: { readonly from: number; readonly to: number }[];
  /** Values written so far, in order. */
  readonly written: string[];
  readonly start: () => Promise<Worker>;
}

/** R27: what a worker's topics may suffer besides. */
export const topicsChange: Row = {
  id: "R27",
  name: "topics-change",
  about:
    "records deleted before they were read, a reset under a running worker, an output and a source deleted, an internal " +
    "topic with too few partitions: each is told, none skips a record in silence",
  brokers: 1,
  gate: false,
  rounds: 2,
  gateRounds: 1,
  run: (trial) => run(trial, { hears: true }),
  control: {
    about:
      "nobody listens to the worker's events: records that were deleted before they were read are just not there",
    finds: ["gap"],
    run: (trial) => run(trial, { hears: false }),
  },
};

async function run(
  { cluster: { kafka }, round, tell }: Trial,
  { hears }: { readonly hears: boolean },
): Promise<Outcome> {
  const name = `change.${crypto.randomUUID().slice(0, 8)}`, gaps: Run["gaps"][number][] = [];
  const copy = app(name), serdes = { key: string, value: string };
  copy.stream(topic(`${name}.in`, serdes)).groupBy("again", (value) => value, { key: string })
    .reduce("last", (_, value) => value).toStream().to(topic(`${name}.out`, serdes));
  const topology = copy.topology();
  const it: Run = {
    ...{ kafka, name, gaps, anomalies: [], written: [] },
    start: () =>
      Worker.start(kafka, topology, {
        guarantee: round % 2 === 0 ? "at-least-once" : "exactly-once",
        sessionTimeoutMs: 2_000,
        onEvent: (event: WorkerEvent) => event.kind === "gap" && hears && gaps.push(event),
      }),
  };
  try {
    await kafka.topics.create(`${name}.in`, { partitions: 1 });
    await kafka.topics.create(`${name}.out`, { partitions: 1 });
    for (const step of [fewerPartitions, deletedUnread, resetMeanwhile, outputDeleted, gone]) {
      tell(step.name);
      await step(it);
      if (!hears && step === deletedUnread) break;
    }
    return { anomalies: it.anomalies, figures: { records: it.written.length } };
  } finally {
    await kafka.groups.settled(name, { members: 0, timeoutMs: 30_000 });
    await resetApplication(kafka, name);
    await kafka.topics.delete([`${name}.in`, `${name}.out`]);
  }
}

/** An internal topic that somebody made too small: the worker does not start, and says what helps. */
async function fewerPartitions({ kafka, name, anomalies, start }: Run): Promise<void> {
  const small = `${name}-again-repartition`;
  await kafka.topics.delete(`${name}.in`);
  await kafka.topics.create(`${name}.in`, { partitions: 2 });
  await kafka.topics.create(small, { partitions: 1 });
  const why = await start().then((worker) => worker.stop().then(() => "it started"), wordsOf);
  expect(anomalies, why, /has 1 partitions and needs 2.*reset the application/);
  await resetApplication(kafka, name);
  await kafka.topics.delete(`${name}.in`);
  await kafka.topics.create(`${name}.in`, { partitions: 1 });
}

/** Retention takes records that the group has not read: they are missing, and the worker says which. */
async function deletedUnread(it: Run): Promise<void> {
  const { kafka, name, anomalies, gaps, start } = it, source = `${name}.in`;
  await write(it);
  await caughtUp(await start());
  await write(it);
  await write(it);
  const end = (await kafka.topics.endOffsets(source))[0]!;
  await deleteRecords(kafka, source, [{ partition: 0, offset: end - PER_STEP }]);
  await caughtUp(await start());
  const told = gaps.reduce((sum, { from, to }) => sum + to - from, 0);
  const missing = await missingFrom(it);
  if (told !== missing.length) {
    anomalies.push({ kind: "gap", detail: `${missing.length} are missing, ${told} were told of` });
  }
  if (missing.length !== PER_STEP) {
    anomalies.push({ kind: "lost write", detail: `${missing.length} of ${PER_STEP}` });
  }
}

/** A reset is refused while somebody reads, and changes nothing. */
async function resetMeanwhile(it: Run): Promise<void> {
  const { kafka, name, anomalies, start } = it, before = (await missingFrom(it)).length;
  const worker = await start();
  await drain(worker);
  const why = await kafka.groups.reset(name, { topic: `${name}.in`, to: "latest" })
    .then(() => "it was reset", wordsOf);
  expect(anomalies, why, /still has 1 members.*close them first/);
  await write(it);
  await caughtUp(worker);
  const lost = (await missingFrom(it)).length - before;
  if (lost > 0) anomalies.push({ kind: "lost write", detail: `${lost} after the reset` });
}

/** The output is deleted: the worker ends and names it; made again, it gets all that had not been written. */
async function outputDeleted(it: Run): Promise<void> {
  const { kafka, name, anomalies, start, written } = it;
  const worker = await start();
  await drain(worker);
  await kafka.topics.delete(`${name}.out`);
  const before = written.length;
  await write(it);
  expect(anomalies, await endOf(worker), /\.out" does not exist .*create it/);
  await kafka.groups.settled(name, { members: 0, timeoutMs: 30_000 });
  await kafka.topics.create(`${name}.out`, { partitions: 1 });
  await caughtUp(await start());
  const missing = (await missingFrom(it)).filter((value) => written.indexOf(value) >= before);
  anomalies.push(...missing.map((detail) => ({ kind: "lost write" as const, detail })));
}

/** A source is deleted for good: the worker ends and names it. */
async function gone({ kafka, name, anomalies, start }: Run): Promise<void> {
  const worker = await start();
  await drain(worker);
  await kafka.topics.delete(`${name}.in`);
  expect(anomalies, await endOf(worker), /\.in" was deleted \(create it/);
}

async function write({ kafka, name, written }: Run): Promise<void> {
  const values = Array.from({ length: PER_STEP }, (_, n) => `v${written.length + n}`);
  await using out = producer(kafka, { key: string, value: string });
  await out.send(`${name}.in`, values.map((value) => ({ key: "k", value })));
  written.push(...values);
}

async function missingFrom({ kafka, name, written }: Run): Promise<string[]> {
  const found = await readAll(kafka, `${name}.out`, { key: string, value: string });
  const values = new Set(found.map(({ value }) => value));
  return written.filter((value) => !values.has(value));
}

async function caughtUp(worker: Worker): Promise<void> {
  await drain(worker);
  await worker.stop();
}

async function endOf(worker: Worker): Promise<string> {
  const end = await Promise.race([
    worker.done.then(() => "it ended without a word", wordsOf),
    sleep(30_000).then(() => "it went on as if nothing had been"),
  ]);
  await worker.stop().catch(() => {});
  return end;
}

function expect(anomalies: Anomaly[], why: string, pattern: RegExp): void {
  if (!pattern.test(why)) anomalies.push({ kind: "unclear error", detail: why });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : `${error}`;
}
