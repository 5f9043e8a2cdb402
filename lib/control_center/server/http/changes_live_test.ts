import assert from "node:assert/strict";
import { schemaRegistry } from "../../../avro/mod.ts";
import { consumer, readAll } from "../../../kafka/mod.ts";
import { onKafka } from "../../../../tests/testkit/live_kafka.ts";
import { registrySettings } from "../../../settings/mod.ts";
import * as changes from "./changes.ts";

const registry = schemaRegistry(registrySettings());

Deno.test("createTopic() makes a topic once, changeTopic() alters it, deleteTopic() wants its name", async () => {
  await onKafka(async ({ kafka, name }) => {
    const topic = name("cc");
    await changes.createTopic(kafka, { topic, partitions: "2", config: {} });
    await assert.rejects(changes.createTopic(kafka, { topic, partitions: 2 }), /is there already$/);
    await changes.changeTopic(kafka, { topic, config: { "retention.ms": "1000" }, partitions: 3 });
    assert.equal((await kafka.topics.config(topic))["retention.ms"], "1000");
    assert.equal((await kafka.topics.describe(topic)).partitions.length, 3);
    await assert.rejects(changes.deleteTopic(kafka, { topic, confirm: "cc" }), /not typed again$/);
    await changes.deleteTopic(kafka, { topic, confirm: topic });
    assert.equal(await kafka.topics.exists(topic), false);
  });
});

Deno.test("produce() sends bytes as typed, checks JSON before, and clearTopic() deletes them", async () => {
  await onKafka(async ({ kafka, topic: made }) => {
    const topic = await made("cc");
    const value = '{"id":12345678901234567890}', headers = "retry: 1\nretry: 2";
    await changes.produce(kafka, registry, { topic, key: "", value, valueFormat: "json", headers });
    const [record] = await readAll(kafka, topic, { value: { encode: () => null, decode: text } });
    assert.deepEqual([record?.key, record?.value], [null, value]);
    const shown = record!.headers.map(([name, bytes]) => `${name} ${text(bytes)}`);
    assert.deepEqual(shown, ["retry 1", "retry 2"]);
    const bad = changes.produce(kafka, registry, { topic, value: "{", valueFormat: "json" });
    await assert.rejects(bad, { name: "SyntaxError", message: /^Cannot send this value as JSON/ });
    assert.deepEqual(await changes.clearTopic(kafka, { topic, confirm: topic }), { deleted: 1 });
    assert.deepEqual(await readAll(kafka, topic), []);
  });
});

Deno.test("resetGroup() says what would change unless it is told to do it", async () => {
  await onKafka(async ({ kafka, topic: made, name }) => {
    const topic = await made("cc");
    const group = name("cc-group");
    for (const number of [0, 1]) {
      await changes.produce(kafka, registry, { topic, value: `${number}`, partition: 0 });
    }
    const member = await consumer(kafka, { group, topics: topic, closeOnSignals: false });
    await member.take(2, { timeoutMs: 10_000 });
    await member.close();
    const [planned] = await changes.resetGroup(kafka, { group, topic, to: "earliest" });
    assert.deepEqual([planned?.from, planned?.to], [2, 0]);
    assert.equal((await kafka.groups.offsets(group, topic))[0]?.offset, 2);
    await changes.resetGroup(kafka, { group, topic, to: "earliest", dryRun: false });
    assert.equal((await kafka.groups.offsets(group, topic))[0]?.offset, 0);
    await changes.deleteGroup(kafka, { group, confirm: group });
    assert.ok(!(await kafka.groups.list()).includes(group));
  });
});

const text = (bytes: Uint8Array | null) => new TextDecoder().decode(bytes ?? new Uint8Array());
