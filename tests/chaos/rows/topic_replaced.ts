import { sleep } from "../../../lib/async/mod.ts";
import { type Kafka, producer, readAll } from "../../../lib/kafka/mod.ts";
import { app, string, topic } from "../../../lib/streams/mod.ts";
import { drain, resetApplication, Worker } from "../../../lib/streams/runtime/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import type { Outcome, Row, Trial } from "../row.ts";

const OLD = 40;
const NEW = 100;
const FATE = /topic ".*" was deleted and created again .*start the worker again/;

/** R26: a source topic is deleted and created again, and gets more records than its worker had read of the old one. */
export const topicReplaced: Row = {
  id: "R26",
  name: "topic-replaced",
  about:
    "a source topic is deleted and created again under a running worker, with more records than the old one had: the worker " +
    "ends and says so, and when it is started again no record of the new one is missing",
  brokers: 1,
  gate: false,
  rounds: 2,
  gateRounds: 1,
  run: (trial) => run(trial, { forgets: true }),
  control: {
    about:
      "the next start goes on at the offset in the old topic, as a reader without topic ids does",
    finds: ["lost write"],
    run: (trial) => run(trial, { forgets: false }),
  },
};

async function run(
  { cluster: { kafka }, round, tell }: Trial,
  { forgets }: { readonly forgets: boolean },
): Promise<Outcome> {
  const name = `replaced.${crypto.randomUUID().slice(0, 8)}`, anomalies: Anomaly[] = [];
  const guarantee = round % 2 === 0 ? "at-least-once" : "exactly-once",
    serde = { key: string, value: string };
  await kafka.topics.create(`${name}.in`, { partitions: 1 });
  await kafka.topics.create(`${name}.out`, { partitions: 1 });
  const copy = app(name), serdes = { key: string, value: string };
  copy.stream(topic(`${name}.in`, serdes)).to(topic(`${name}.out`, serdes));
  const start = () => Worker.start(kafka, copy.topology(), { guarantee, sessionTimeoutMs: 2_000 });
  try {
    await send(kafka, `${name}.in`, { what: "old", records: OLD });
    const first = await start();
    await drain(first);
    tell(`deleted and created again, ${guarantee}`);
    await kafka.topics.delete(`${name}.in`);
    await kafka.topics.create(`${name}.in`, { partitions: 1 });
    await send(kafka, `${name}.in`, { what: "new", records: NEW });
    const startMs = performance.now();
    const end = await Promise.race([
      first.done.then(() => "it ended without a word", (error: Error) => error.message),
      sleep(20_000).then(() => "it went on as if nothing had been"),
    ]);
    const seconds = (performance.now() - startMs) / 1_000;
    if (!FATE.test(end)) anomalies.push({ kind: "unclear error", detail: end });
    await first.stop().catch(() => {});
    await kafka.groups.settled(name, { members: 0, timeoutMs: 30_000 });
    if (!forgets) await kafka.groups.reset(name, { topic: `${name}.in`, to: { offset: OLD } });
    await using second = await start();
    await drain(second);
    const copied = await readAll(kafka, `${name}.out`, serde);
    anomalies.push(...faultsOf(copied.map(({ value }) => value!)));
    return { anomalies, figures: { records: OLD + NEW, "noticed after s": seconds } };
  } finally {
    await kafka.groups.settled(name, { members: 0, timeoutMs: 30_000 });
    await resetApplication(kafka, name);
    await kafka.topics.delete([`${name}.in`, `${name}.out`]);
  }
}

function faultsOf(copied: readonly string[]): Anomaly[] {
  const wanted = [...valuesOf("old", OLD), ...valuesOf("new", NEW)];
  return wanted.flatMap((value): Anomaly[] => {
    const times = copied.filter((one) => one === value).length;
    if (times === 0) return [{ kind: "lost write", detail: value }];
    return times > 1 ? [{ kind: "duplicate", detail: value }] : [];
  });
}

async function send(
  kafka: Kafka,
  topic: string,
  { what, records }: { readonly what: string; readonly records: number },
): Promise<void> {
  await using out = producer(kafka, { key: string, value: string });
  await out.send(topic, valuesOf(what, records).map((value) => ({ key: "k", value })));
}

function valuesOf(what: string, records: number): string[] {
  return Array.from({ length: records }, (_, n) => `${what} ${n}`);
}
