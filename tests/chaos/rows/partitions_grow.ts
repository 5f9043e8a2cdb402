import { sleep } from "../../../lib/async/mod.ts";
import { partitionForKey, producer, readAll } from "../../../lib/kafka/mod.ts";
import { app, string, topic } from "../../../lib/streams/mod.ts";
import { drain, resetApplication, Worker } from "../../../lib/streams/runtime/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import type { Outcome, Row, Trial } from "../row.ts";

const KEYS = Array.from({ length: 30 }, (_, n) => `k${n}`);

/** R14: a topic gets more partitions under a running worker: one to three. */
export const partitionsGrow: Row = {
  id: "R14",
  name: "partitions-grow",
  about:
    "a topic grows from one partition to three under a running worker: it ends and says so, and when it is started " +
    "again no record is missing",
  brokers: 1,
  gate: false,
  rounds: 2,
  gateRounds: 1,
  run: (trial) => run(trial, { restart: true }),
  control: {
    about: "nobody starts it again: what stands in the new partitions is not read",
    finds: ["lost write"],
    run: (trial) => run(trial, { restart: false }),
  },
};

async function run(
  { cluster: { kafka }, round, tell }: Trial,
  { restart }: { readonly restart: boolean },
): Promise<Outcome> {
  const name = `grow.${crypto.randomUUID().slice(0, 8)}`, anomalies: Anomaly[] = [];
  const guarantee = round % 2 === 0 ? "at-least-once" : "exactly-once";
  await kafka.topics.create(`${name}.in`, { partitions: 1 });
  await kafka.topics.create(`${name}.out`, { partitions: 1 });
  const copy = app(name), serdes = { key: string, value: string };
  copy.stream(topic(`${name}.in`, serdes)).to(topic(`${name}.out`, serdes));
  const start = () => Worker.start(kafka, copy.topology(), { guarantee, sessionTimeoutMs: 2_000 });
  const send = async (what: string, partitions: number) => {
    await using out = producer(kafka, { key: string, value: string });
    const bytes = (key: string) => new TextEncoder().encode(key);
    await out.send(
      `${name}.in`,
      KEYS.map((key) => ({
        key,
        value: `${what} ${key}`,
        partition: partitionForKey(bytes(key), partitions),
      })),
    );
  };
  try {
    await send("before", 1);
    const first = await start();
    await drain(first);
    tell(`three partitions, ${guarantee}`);
    await kafka.topics.addPartitions(`${name}.in`, 3);
    await send("after", 3);
    const end = await Promise.race([
      first.done.then(() => "it ended without a word", (error: Error) => error.message),
      sleep(20_000),
    ]);
    if (!/has 3 partitions now, it had 1 .*start the worker again/.test(`${end}`)) {
      anomalies.push({
        kind: "unclear error",
        detail: `${end ?? "it went on as if nothing had been"}`,
      });
    }
    await first.stop();
    if (restart) {
      await using second = await start();
      await drain(second);
    }
    const copied = (await readAll(kafka, `${name}.out`, { key: string, value: string }))
      .map(({ value }) => value!);
    for (
      const value of ["before", "after"].flatMap((what) => KEYS.map((key) => `${what} ${key}`))
    ) {
      const times = copied.filter((one) => one === value).length;
      if (times === 0) anomalies.push({ kind: "lost write", detail: value });
      if (times > 1) anomalies.push({ kind: "duplicate", detail: value });
    }
    return { anomalies, figures: { records: 2 * KEYS.length } };
  } finally {
    await kafka.groups.settled(name, { members: 0, timeoutMs: 30_000 });
    await resetApplication(kafka, name);
    await kafka.topics.delete([`${name}.in`, `${name}.out`]);
  }
}
