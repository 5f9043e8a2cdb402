/** The worker on a real Kafka: both guarantees, restarts, several workers. */
import { sleep } from "../../async/mod.ts";
import assert from "node:assert/strict";
import { connect, type Kafka, producer } from "../../kafka/mod.ts";
import { type App, app, type Guarantee, string, topic } from "../mod.ts";
import { drain, resetApplication, rowsOf, Worker, type WorkerEvent } from "./mod.ts";

interface Case {
  readonly kafka: Kafka;
  readonly app: App;
  /** Writes words, each with itself as the key. */
  readonly write: (words: readonly string[]) => Promise<void>;
  readonly start: (
    guarantee?: Guarantee,
    onEvent?: (event: WorkerEvent) => void,
  ) => Promise<Worker>;
}

const GUARANTEES: readonly Guarantee[] = ["at-least-once", "exactly-once"];

/** Counts words by their first letter, on topics and in a group of its own. */
async function withWordCount(
  partitions: number,
  use: (given: Case) => Promise<void>,
): Promise<void> {
  await using kafka = await connect();
  const source = `words-${crypto.randomUUID().slice(0, 8)}`;
  await kafka.topics.create(source, { partitions });
  const counts = app(`${source}.count`);
  counts.stream(topic(source, { key: string, value: string, nullable: false }))
    .groupBy("letter", (word) => word[0]!, { key: string }).count("letters");
  await using out = producer(kafka, { key: string, value: string });
  try {
    await use({
      kafka,
      app: counts,
      write: async (words) => {
        await out.send(source, words.map((word) => ({ key: word, value: word })));
      },
      start: (guarantee = "at-least-once", onEvent = () => {}) =>
        Worker.start(kafka, counts.topology(), { guarantee, onEvent }),
    });
  } finally {
    await resetApplication(kafka, counts.id);
    await kafka.topics.delete(source);
  }
}

function letters(...workers: readonly Worker[]): Record<string, unknown> {
  const rows = workers.flatMap((worker) => [...rowsOf(worker, "letters")]);
  return Object.fromEntries(
    rows.map(({ key, value }) => [key as string, value]).sort((a, b) => a[0]! < b[0]! ? -1 : 1),
  );
}

for (const guarantee of GUARANTEES) {
  Deno.test(`Worker counts through a repartition topic, ${guarantee}`, async () => {
    await withWordCount(3, async ({ write, start, kafka, app }) => {
      await write(["ant", "bee", "bat", "cat", "cow", "crab"]);
      await using worker = await start(guarantee);
      await drain(worker);
      assert.deepEqual(letters(worker), { a: 1, b: 2, c: 3 });
      await worker.stop();
      const lag = await kafka.groups.lag(app.id);
      assert.deepEqual(lag.filter(({ lag }) => lag > 0), []);
    });
  });

  Deno.test(`Worker deletes what it has read from a repartition topic, ${guarantee}`, async () => {
    await withWordCount(1, async ({ write, kafka, app }) => {
      await write(["ant", "bee"]);
      const repartition = `${app.id}-letter-repartition`, offsets = [0];
      const purge = { everyMs: 0, minRecords: 2 };
      await using worker = await Worker.start(kafka, app.topology(), { guarantee, purge });
      await drain(worker);
      for (const stopMs = Date.now() + 300_000; offsets[0]! < 2 && Date.now() < stopMs;) {
        [offsets[0] = 0] = await kafka.topics.beginOffsets(repartition);
        await write(["cat"]); // something to commit
      }
      assert.ok(offsets[0]! >= 2, "ant and bee are gone");
      await drain(worker);
      assert.partialDeepStrictEqual(letters(worker), { a: 1, b: 1 });
    });
  });

  Deno.test(`Worker restores its tables and goes on after a restart, ${guarantee}`, async () => {
    await withWordCount(2, async ({ write, start }) => {
      await write(["ant", "bee"]);
      const first = await start(guarantee);
      await drain(first);
      await first.stop();
      await write(["ape", "bat", "cat"]);
      let restored = 0;
      await using second = await start(guarantee, (event) => {
        if (event.kind === "running") restored += event.restored;
      });
      await drain(second);
      assert.deepEqual(letters(second), { a: 2, b: 2, c: 1 });
      assert.ok(restored >= 2, `${restored} rows restored`);
    });
  });

  Deno.test(`Worker hands tasks over to a second one and back, ${guarantee}`, async () => {
    await withWordCount(4, async ({ write, start }) => {
      const words = Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i));
      await write(words);
      const first = await start(guarantee);
      await drain(first);
      const second = await start(guarantee);
      await until(() => second.tasks.running().length === 4 && first.tasks.running().length === 4);
      await write(words);
      await Promise.all([drain(first), drain(second)]);
      const both = Object.fromEntries(words.map((letter) => [letter, 2]));
      assert.deepEqual(letters(first, second), both);
      await second.stop();
      await write(words);
      await until(() => first.tasks.running().length === 8);
      await drain(first);
      assert.deepEqual(letters(first), Object.fromEntries(words.map((letter) => [letter, 3])));
      await first.stop();
    });
  });
}

Deno.test("App.start() runs a worker that stops at a record that fails, and says which", async () => {
  await using kafka = await connect();
  const source = `bad-${crypto.randomUUID().slice(0, 8)}`;
  await kafka.topics.create(source, { partitions: 1 });
  const failing = app(`${source}.app`);
  failing.stream(topic(source, { key: string, value: string })).foreach((word) => {
    if (word === "bad") throw new TypeError("no such word");
  });
  await using out = producer(kafka, { key: string, value: string });
  await out.send(source, ["good", "bad", "good"].map((value) => ({ key: "k", value })));
  const worker = await failing.start(kafka);
  await assert.rejects(worker.done, (error: Error) => {
    assert.equal(error.name, "StreamsError");
    assert.match(error.message, new RegExp(`${source}.*no such word`));
    return true;
  });
  const [place] = await kafka.groups.offsets(failing.id, source);
  assert.equal(place?.offset, 1);
  await resetApplication(kafka, failing.id);
  await kafka.topics.delete(source);
});

Deno.test("Worker that fails has written what it gave before, or has not committed it", async (t) => {
  await using kafka = await connect();
  const refuses = (word: string | null) => {
    if (word === "bad") throw new TypeError("no such word");
    return new TextEncoder().encode(word!);
  };
  const late = { ...string, encode: (word: string) => Promise.resolve(word).then(refuses) };
  const cases = { decode: null, process: null, "late encode": late };
  for (const [stage, value] of Object.entries(cases)) {
    await t.step(stage, async () => {
      const name = `fails-${crypto.randomUUID().slice(0, 8)}`, out = `${name}.out`;
      for (const one of [name, out]) await kafka.topics.create(one, { partitions: 1 });
      const decode = (bytes: Uint8Array) => {
        const word = new TextDecoder().decode(bytes);
        if (word === "bad" && stage === "decode") throw new TypeError("no such word");
        return word;
      };
      const failing = app(`${name}.app`);
      failing.stream(topic(name, { key: string, value: { ...string, decode } }))
        .mapValues((word) => {
          if (word === "bad" && stage === "process") throw new TypeError("no such word");
          return `${word}`;
        }).to(topic(out, { key: string, value: value ?? string }));
      await using writer = producer(kafka, { key: string, value: string });
      await writer.send(name, ["good", "bad"].map((value) => ({ key: "k", value })));
      await assert.rejects(
        Worker.start(kafka, failing.topology()).then((worker) => worker.done),
        { name: "StreamsError", message: /no such word/ },
      );
      const [place] = await kafka.groups.offsets(failing.id, name).catch(() => []);
      const written = await kafka.topics.endOffsets(out);
      assert.ok((place?.offset ?? 0) <= written[0]!, `${place?.offset} > ${written}`);
      await resetApplication(kafka, failing.id);
      await kafka.topics.delete([name, out]);
    });
  }
});

Deno.test("App.start() refuses to start without its source topic, and says so", async () => {
  await using kafka = await connect();
  const lonely = app(`lonely-${crypto.randomUUID().slice(0, 8)}`);
  lonely.stream(topic("no-such-topic", { key: string, value: string })).foreach(() => {});
  await assert.rejects(lonely.start(kafka), {
    name: "KafkaError",
    message: /^Cannot read topic "no-such-topic": it does not exist/,
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 300_000; !holds();) {
    assert.ok(Date.now() < deadline, `waited in vain for ${holds}`);
    await sleep(20);
  }
}
