/** Kafka Streams itself and our engine on the same topics: each reads what the other wrote, byte for byte. */
import { sleep } from "../lib/async/mod.ts";
import assert from "node:assert/strict";
import { connect, type Kafka, producer, readAll } from "../lib/kafka/mod.ts";
import {
  app,
  int64,
  string,
  topic,
  tumbling,
  type Windowed,
  windowed,
} from "../lib/streams/mod.ts";
import { drain, resetApplication, Worker } from "../lib/streams/runtime/mod.ts";
import { classPath, JAVA_PROGRAMS } from "./java_class_path.ts";
import { MAVEN, testWith } from "./needs.ts";

const MINUTE_MS = 60_000;

/** Key, value and event time of what both sides count: two keys, two minutes. */
const WORDS = [["a", 1_000], ["b", 2_000], ["a", 3_000], ["a", 61_000], ["b", 62_000]] as const;
const WINDOWS = ["a 0 60000 2", "a 60000 120000 1", "b 0 60000 1", "b 60000 120000 1"];

const NAME = "Kafka Streams in Java reads our changelog and windows, and we read its";
await testWith(MAVEN, NAME, async () => {
  await using stack = new AsyncDisposableStack();
  const kafka = stack.use(await connect());
  const run = `interop.${crypto.randomUUID().slice(0, 8)}`;
  const topics = ["words", "ours-windows", "java-windows", "java-text"].map((one) =>
    `${run}.${one}`
  );
  for (const name of topics) await kafka.topics.create(name, { partitions: 2 });
  stack.defer(async () => {
    await kafka.groups.delete(`${run}.ours`);
    await kafka.topics.delete((await kafka.topics.list()).filter((name) => name.startsWith(run)));
  });
  await using out = producer(kafka, { key: string, value: string });
  await out.send(
    `${run}.words`,
    WORDS.map(([key, timestamp]) => ({ key, value: "word", timestamp })),
  );
  await countOurs(kafka, run);
  const java = await startJava(run);
  stack.defer(() => java.stop());

  const said = await until(async () => {
    const records = await readAll(kafka, `${run}.java-text`, { key: string, value: string });
    const newest = new Map(records.map(({ key, value }) => {
      const [kind, ...rest] = value!.split(" ");
      const place = kind === "window" ? rest.slice(0, 2).join(" ") : "";
      return [`${kind} ${key} ${place}`, `${key} ${rest.join(" ")}`];
    }));
    return newest.size === 6 ? newest : undefined;
  }, java);
  const of = (kind: string) =>
    [...said].filter(([name]) => name.startsWith(kind)).map(([, text]) => text).sort();
  assert.deepEqual(of("total"), ["a 3", "b 2"], "Java reads our changelog");
  assert.deepEqual(of("window"), WINDOWS, "Java reads our windows");

  await until(async () => {
    const [sizes] = await kafka.topics.sizes([`${run}.java-windows`]);
    return sizes!.records >= WORDS.length ? true : undefined;
  }, java);
  await java.stop();
  const { totals, windows } = await readJava(kafka, run);
  assert.deepEqual(totals, { a: 3, b: 2 }, "we read Java's changelog");
  assert.deepEqual(windows, WINDOWS, "we read Java's windows");
});

/** Counts the words with our engine: a plain table, and windows under Java's keys. */
async function countOurs(kafka: Kafka, run: string): Promise<void> {
  const ours = app(`${run}.ours`);
  const words = ours.stream(topic(`${run}.words`, { key: string, value: string })).groupByKey();
  words.count("totals", { value: int64 });
  words.windowedBy(tumbling({ sizeMs: MINUTE_MS, graceMs: MINUTE_MS }))
    .count("minutes", { value: int64, windowKey: "java" })
    .toStream().to(`${run}.ours-windows`);
  await using worker = await Worker.start(kafka, ours.topology());
  await drain(worker);
}

/** Reads Java's changelog as a table, and its windowed topic as a stream. */
async function readJava(kafka: Kafka, run: string) {
  const reader = app(`${run}.reader`);
  const totals: Record<string, number> = {}, windows = new Map<string, number>();
  reader.table(topic(`${run}.java-totals-changelog`, { key: string, value: int64 }), {
    name: "java",
  })
    .toStream().foreach((value, { key }) => void (totals[key] = value!));
  const keys = windowed(string, { format: "java", sizeMs: MINUTE_MS });
  reader.stream(
    topic<Windowed<string>, number>(`${run}.java-windows`, { key: keys, value: int64 }),
  )
    .foreach((value, { key }) => void windows.set(`${key!.key} ${key!.start} ${key!.end}`, value!));
  const worker = await Worker.start(kafka, reader.topology());
  await drain(worker);
  await worker.stop();
  await resetApplication(kafka, reader.id);
  return { totals, windows: [...windows].map(([place, count]) => `${place} ${count}`).sort() };
}

interface Java {
  readonly ended: Promise<string | undefined>;
  stop(): Promise<void>;
}

/** Starts the Java program; `ended` tells what it said when it ended by itself. */
async function startJava(run: string): Promise<Java> {
  const state = await Deno.makeTempDir({ prefix: "taxi-java-" });
  const child = new Deno.Command("java", {
    args: [
      "-cp",
      await classPath(),
      `${JAVA_PROGRAMS}Interop.java`,
      Deno.env.get("KAFKA_BROKERS")!,
      run,
      `${state}/streams`,
    ],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  let stopped: Promise<void> | undefined;
  const output = new Response(child.stderr).text();
  const ended = child.status.then(async ({ success }) => success ? undefined : await output);
  const stop = async () => {
    await child.stdin.close().catch(() => {});
    await ended;
    await Deno.remove(state, { recursive: true });
  };
  return { ended, stop: () => stopped ??= stop() };
}

/** Asks until there is an answer, or Java has ended. */
async function until<T>(ask: () => Promise<T | undefined>, java: Java): Promise<T> {
  const failed = java.ended.then((said) => assert.fail(`Java ended: ${said}`));
  failed.catch(() => {});
  for (const deadline = Date.now() + 300_000; Date.now() < deadline;) {
    const answer = await Promise.race([ask(), failed]);
    if (answer !== undefined) return answer;
    await sleep(200);
  }
  return assert.fail("Java has not answered for five minutes");
}
