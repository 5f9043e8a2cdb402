import { sleep } from "../../async/mod.ts";
import assert from "node:assert/strict";
import { connect, json, type Kafka, producer, readAll } from "../../kafka/mod.ts";
import type { AppStatus, WorkerStatus } from "../../views/mod.ts";
import { app, string, topic } from "../mod.ts";
import { drain, resetApplication, rowsOf, Worker } from "./mod.ts";

/** The newest of every key of a status topic; empty while there is none. */
async function statuses(kafka: Kafka, topic: string) {
  if (!await kafka.topics.exists(topic)) return new Map<string, AppStatus | WorkerStatus>();
  const records = await readAll<string | null, AppStatus | WorkerStatus>(kafka, topic, {
    key: string,
    value: json(),
  });
  const newest = new Map(records.map(({ key, value }) => [key!, value]));
  return new Map([...newest].flatMap(([key, value]) => value === null ? [] : [[key, value]]));
}

async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
  for (const deadline = Date.now() + 300_000;;) {
    const found = await find();
    if (found !== undefined) return found;
    assert.ok(Date.now() < deadline, `waited in vain for ${find}`);
    await sleep(100);
  }
}

Deno.test("Worker publishes its tasks and topology while it runs, and takes its name back when it stops", async () => {
  await using kafka = await connect();
  const source = `words-${crypto.randomUUID().slice(0, 8)}`;
  await kafka.topics.create(source, { partitions: 2 });
  const counts = app(`${source}.count`), published = `${counts.id}-status`;
  counts.stream(topic(source, { key: string, value: string })).filter((word) => word !== "x")
    .groupByKey().count("words");
  try {
    await using out = producer(kafka, { key: string, value: string });
    await out.send(source, ["ant", "bee", "x"].map((value) => ({ key: value, value })));
    const worker = await Worker.start(kafka, counts.topology(), { name: "first" });
    const silent = await Worker.start(kafka, counts.topology(), { name: "silent", status: false });
    await Promise.all([drain(worker), drain(silent)]);
    await silent.stop();
    const status = await until(async () => {
      const all = [...(await statuses(kafka, published)).values()];
      return all.find((one): one is WorkerStatus =>
        one.kind === "worker" && one.state === "running" && one.tasks.length === 2 &&
        one.tasks.every(({ inputs }) => inputs.every(({ lag }) => lag === 0))
      );
    });
    assert.deepEqual([status.app, status.name, status.process], [counts.id, "first", Deno.pid]);
    assert.deepEqual(status.tasks.map(({ task }) => task), ["0_0", "0_1"]);
    const rows = status.tasks.reduce((sum, { rows }) => sum + rows["words"]!, 0);
    assert.equal(rows, 2);
    await worker.stop();
    const left = await statuses(kafka, published);
    assert.deepEqual([...left.keys()], ["topology"]);
    const { topology } = left.get("topology") as AppStatus;
    assert.deepEqual(topology.stores, [
      { name: "words", layout: "plain", changelog: `${counts.id}-words-changelog` },
    ]);
    assert.deepEqual(topology.partitions, { [source]: 2 });
  } finally {
    const { topics } = await resetApplication(kafka, counts.id);
    assert.ok(topics.includes(published));
    await kafka.topics.delete(source);
  }
});

Deno.test("Worker says once that it cannot publish, and works on", async () => {
  await using kafka = await connect();
  const source = `words-${crypto.randomUUID().slice(0, 8)}`, counts = app(`${source}.count`);
  await kafka.topics.create(source, { partitions: 1 });
  // Somebody's own topic: a status topic has one partition.
  await kafka.topics.create(`${counts.id}-status`, { partitions: 2 });
  counts.stream(topic(source, { key: string, value: string })).groupByKey().count("words");
  try {
    const told = Promise.withResolvers<string>();
    await using worker = await Worker.start(kafka, counts.topology(), {
      onEvent: (event) => event.kind === "unpublished" && told.resolve(event.why),
    });
    assert.match(await told.promise, /^Cannot create topic .* it exists with 2/);
    await using out = producer(kafka, { key: string, value: string });
    await out.send(source, { key: "ant", value: "ant" });
    await drain(worker);
    assert.deepEqual([...rowsOf(worker, "words")].map(({ key, value }) => [key, value]), [
      ["ant", 1],
    ]);
  } finally {
    await resetApplication(kafka, counts.id);
    await kafka.topics.delete(source);
  }
});
