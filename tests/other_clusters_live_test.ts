/** What the course promises on clusters that offer less than the newest Kafka: a proxy stands for them. */
import assert from "node:assert/strict";
import { Fetcher } from "../lib/kafka/engine.ts";
import { connect, consumer, type Kafka, producer } from "../lib/kafka/mod.ts";
import { kafkaSettings } from "../lib/settings/mod.ts";
import { app, int64, string, topic } from "../lib/streams/mod.ts";
import { drain, rowsOf, Worker } from "../lib/streams/runtime/mod.ts";
import { PROFILES, versionProxy } from "./version_proxy.ts";

const unique = () => crypto.randomUUID().slice(0, 8);

async function writes(kafka: Kafka, name: string): Promise<void> {
  await kafka.topics.create(name, { partitions: 1 });
  await using out = producer(kafka, { key: string, value: string });
  await out.send(name, [{ key: "a", value: "1" }, { key: "b", value: "2" }]);
  await out.send(name, { key: "a", value: "3" });
}

async function readsInGroup(kafka: Kafka, name: string): Promise<void> {
  const options = { topics: name, key: string, value: string } as const;
  await using reader = await consumer(kafka, { ...options, group: `${name}-reader` });
  const seen = await reader.take(3, { timeoutMs: 60_000 });
  assert.deepEqual(seen.map(({ value }) => value), ["1", "2", "3"]);
}

/** Counts by key, over a repartition topic: everything a worker asks of a cluster. */
async function counts(
  kafka: Kafka,
  name: string,
  guarantee: "at-least-once" | "exactly-once",
): Promise<void> {
  const counting = app(`${name}-${guarantee}`);
  counting.stream(topic(name, { key: string, value: string }))
    .selectKey((value) => String(Number(value) % 2), { key: string }).groupByKey()
    .count("all", { value: int64 });
  await using worker = await Worker.start(kafka, counting.topology(), { guarantee });
  await drain(worker);
  const rows = [...rowsOf(worker, "all")].map(({ key, value }) => [key, value]);
  assert.deepEqual(rows.sort(), [["0", 1], ["1", 2]]);
}

for (const [profile, offered] of Object.entries(PROFILES)) {
  Deno.test(`a cluster that offers what ${profile} does is written, read and counted on`, async () => {
    await using proxy = await versionProxy(kafkaSettings().brokers[0]!, offered);
    const settings = { brokers: [proxy.address], local: false, ssl: false };
    await using kafka = await connect({ settings, onNotice: () => {} });
    const name = `other-${unique()}`;
    await writes(kafka, name);
    await readsInGroup(kafka, name);
    await counts(kafka, name, "exactly-once");
    if (profile === "redpanda24") await counts(kafka, name, "at-least-once");
    assert.deepEqual(proxy.refused, []);
  });
}

Deno.test("a reader of a cluster without topic ids notices a new topic by its being shorter", async () => {
  await using proxy = await versionProxy(kafkaSettings().brokers[0]!, PROFILES.redpanda24!);
  const settings = { brokers: [proxy.address], local: false, ssl: false };
  await using kafka = await connect({ settings, onNotice: () => {} });
  const name = `other-${unique()}`, values: string[] = [], replaced: string[] = [];
  let enough = Promise.withResolvers<void>();
  const fetcher = new Fetcher(kafka, {
    onReplaced: (topic) => void replaced.push(topic),
    onRecords: ({ unread }) => {
      values.push(...unread.takeAll().map(({ value }) => new TextDecoder().decode(value!)));
      if (values.length >= 3) enough.resolve();
    },
  });
  await writes(kafka, name);
  await fetcher.assign({ topic: name, partition: 0 }, 0);
  await Promise.race([enough.promise, fetcher.failed]);
  enough = Promise.withResolvers();
  await kafka.topics.delete(name);
  await kafka.topics.create(name, { partitions: 1 });
  await using out = producer(kafka, { value: string });
  await out.send(name, { value: "again" });
  await Promise.race([enough.promise, fetcher.failed]);
  await fetcher.close();
  assert.deepEqual([values, replaced], [["1", "2", "3", "again"], [name]]);
});
