/** Rows on disk against a real Kafka: when they count, and when they do not. */
import assert from "node:assert/strict";
import { onKafka } from "../../../tests/testkit/live_kafka.ts";
import { type Kafka, producer } from "../../kafka/mod.ts";
import { type App, app, string, topic } from "../mod.ts";
import { drain, resetApplication, rowsOf, sqliteStores, Worker } from "./mod.ts";

const CHANGELOG = "-letters-changelog";

/** One run of a word count with its tables in `directory`, to the end of what is there. */
async function runOnce(kafka: Kafka, counts: App, directory: string) {
  let restored = 0;
  const worker = await Worker.start(kafka, counts.topology(), {
    guarantee: "exactly-once",
    stores: sqliteStores({ directory }),
    onEvent: (event) => {
      if (event.kind === "running") restored += event.restored;
    },
  });
  await drain(worker);
  const rows = [...rowsOf(worker, "letters")].map(({ key, value }) => [key, value]);
  await worker.stop();
  return { restored, rows: Object.fromEntries(rows) };
}

async function withCounts(
  use: (given: {
    readonly kafka: Kafka;
    readonly counts: App;
    readonly directory: string;
    readonly write: (...words: string[]) => Promise<void>;
  }) => Promise<void>,
): Promise<void> {
  const directory = await Deno.makeTempDir();
  await onKafka(async ({ kafka, topic: make, name }) => {
    const source = await make("words", 1), counts = app(name("counts"));
    counts.stream(topic(source, { key: string, value: string })).groupByKey().count("letters");
    await using out = producer(kafka, { key: string, value: string });
    const write = async (...words: string[]) => {
      await out.send(source, words.map((word) => ({ key: word, value: word })));
    };
    await use({ kafka, counts, directory, write }).finally(() =>
      resetApplication(kafka, counts.id)
    );
  }).finally(() => Deno.remove(directory, { recursive: true }));
}

Deno.test("Worker restores nothing when its rows on disk are complete", () =>
  withCounts(async ({ kafka, counts, directory, write }) => {
    await write("a", "b", "a");
    await runOnce(kafka, counts, directory);
    await write("b");
    assert.deepEqual(await runOnce(kafka, counts, directory), {
      restored: 0,
      rows: { a: 2, b: 2 },
    });
  }));

Deno.test("Worker reads from the changelog what another worker added to it", () =>
  withCounts(async ({ kafka, counts, directory, write }) => {
    await write("a");
    await runOnce(kafka, counts, directory);
    await write("b", "a");
    const elsewhere = await Deno.makeTempDir();
    await runOnce(kafka, counts, elsewhere);
    await Deno.remove(elsewhere, { recursive: true });
    const { restored, rows } = await runOnce(kafka, counts, directory);
    assert.deepEqual(rows, { a: 2, b: 1 });
    assert.equal(restored, 2, "only the rest of the changelog");
  }));

Deno.test("Worker does not believe rows on disk that are older than a reset", () =>
  withCounts(async ({ kafka, counts, directory, write }) => {
    await write("a", "b");
    await runOnce(kafka, counts, directory);
    await resetApplication(kafka, counts.id);
    await write("c", "c", "c");
    const { rows } = await runOnce(kafka, counts, directory);
    assert.deepEqual(rows, { a: 1, b: 1, c: 3 }, "everything is counted again, once");
  }));

Deno.test("Worker rebuilds its rows when their changelog is shorter than they say", () =>
  withCounts(async ({ kafka, counts, directory, write }) => {
    await write("a", "b", "c");
    await runOnce(kafka, counts, directory);
    await kafka.topics.delete(counts.id + CHANGELOG);
    await write("a");
    const { rows } = await runOnce(kafka, counts, directory);
    assert.deepEqual(rows, { a: 1 }, "the changelog is the truth, and it is empty");
  }));
