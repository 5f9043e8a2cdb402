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
    const empty = { topic, confirm: topic };
    assert.deepEqual(await changes.clearTopic(kafka, empty), { deleted: 1 });
    for (const value of ["1", "2", "3"]) {
      await changes.produce(kafka, registry, { topic, value, partition: 0 });
    }
    const [begin] = await kafka.topics.beginOffsets(topic), before = begin! + 2;
    await assert.rejects(changes.clearTopic(kafka, { ...empty, before }), /choose which/);
    await assert.rejects(
      changes.clearTopic(kafka, { ...empty, partition: 0, before: before + 2 }),
      /whole number from/,
    );
    assert.deepEqual(await changes.clearTopic(kafka, { ...empty, partition: 0, before }), {
      deleted: 2,
    });
    assert.deepEqual((await readAll(kafka, topic)).map(({ value }) => value), [3]);
    assert.deepEqual(await changes.clearTopic(kafka, { ...empty, partition: "0" }), { deleted: 1 });
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
    const member = await consumer(kafka, { group, topics: topic });
    await member.take(2, { timeoutMs: 10_000 });
    await member.close();
    const [planned] = await changes.resetGroup(kafka, { group, topic, to: "earliest" });
    assert.deepEqual([planned?.from, planned?.to], [2, 0]);
    assert.equal((await kafka.groups.offsets(group, topic))[0]?.offset, 2);
    await changes.resetGroup(kafka, { group, topic, to: "earliest", dryRun: false });
    assert.equal((await kafka.groups.offsets(group, topic))[0]?.offset, 0);
    const by = { group, topic, to: "by", partition: 0 };
    const [step] = await changes.resetGroup(kafka, { ...by, by: "1" });
    assert.deepEqual([step?.from, step?.to], [0, 1]);
    const [far] = await changes.resetGroup(kafka, { ...by, by: -9 });
    assert.equal(far?.to, 0, "not further back than the first record");
    await assert.rejects(changes.forgetOffsets(kafka, { group, topic }), /not typed again$/);
    await changes.forgetOffsets(kafka, { group, topic, confirm: topic });
    assert.deepEqual(await kafka.groups.offsets(group, topic), []);
    const again = await consumer(kafka, { group, topics: topic });
    await again.take(1);
    await again.commit();
    const forget = changes.forgetOffsets(kafka, { group, topic, confirm: topic });
    await assert.rejects(forget, /a member of the group reads topic ".*" now/);
    await again.close();
    await changes.deleteGroup(kafka, { group, confirm: group });
    assert.ok(!(await kafka.groups.list()).includes(group));
  });
});

Deno.test("registerSchema() makes the next version, and deleteSchema() wants the subject's name", async () => {
  const subject = `cc-${crypto.randomUUID()}-value`;
  const fields = [{ name: "a", type: "int" }];
  const schema = JSON.stringify({ type: "record", name: "A", fields });
  await changes.registerSchema(registry, { subject, schema });
  const more = [...fields, { name: "b", type: "int", default: 0 }];
  const next = JSON.stringify({ type: "record", name: "A", fields: more });
  await changes.registerSchema(registry, { subject, schema: next });
  assert.deepEqual(await registry.versions(subject), [1, 2]);
  await assert.rejects(changes.deleteSchema(registry, { subject }), /not typed again$/);
  await changes.deleteSchema(registry, { subject, confirm: subject, version: 2 });
  assert.deepEqual(await registry.versions(subject), [1]);
  await changes.deleteSchema(registry, { subject, confirm: subject });
  assert.ok(!(await registry.subjects()).includes(subject));
});

const text = (bytes: Uint8Array | null) => new TextDecoder().decode(bytes ?? new Uint8Array());
