import assert from "node:assert/strict";
import { connect } from "../client/connect.ts";
import { consumer } from "../consume/consumer.ts";
import { topicLanes } from "./lanes.ts";
import { producer } from "../produce/producer.ts";
import { readAll, readTopic } from "../consume/read_topic.ts";
import { numbers, onKafka } from "../../../tests/testkit/live_kafka.ts";

Deno.test("groups.lag() says how far a group is behind, and who owns what", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const of = await topic("lag"), group = name("lag");
    await using out = producer(kafka);
    await out.send(of, numbers(0, 10));
    const reader = await consumer(kafka, { group, topics: of, name: "a" });
    reader.pause([{ topic: of, partition: 1 }]);
    await reader.take(3);
    await reader.commit();
    assert.deepEqual(await kafka.groups.lag(group), [
      { topic: of, partition: 0, committed: 3, end: 5, lag: 2, member: "a" },
      { topic: of, partition: 1, committed: null, end: 5, lag: 5, member: "a" },
    ]);
    assert.ok((await kafka.groups.list()).includes(group));
  }));

Deno.test("groups.reset() moves an empty group, after saying what it would do", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const of = await topic("reset", 1), group = name("reset");
    await using out = producer(kafka);
    await out.send(of, numbers(0, 6).map((one, i) => ({ ...one, timestamp: 1_000 + i })));
    const reader = await consumer(kafka, { group, topics: of });
    await reader.take(4);
    await assert.rejects(kafka.groups.reset(group, { topic: of, to: "earliest" }), {
      message: /^Cannot reset group "reset\..*": it still has 1 members: consumer-\d+ \(close them/,
    });
    await reader.close();
    await kafka.groups.settled(group, { members: 0 });
    const change = { topic: of, partition: 0, from: 4 };
    const dry = await kafka.groups.reset(group, { topic: of, to: "earliest", dryRun: true });
    assert.deepEqual(dry, [{ ...change, to: 0 }]);
    assert.equal((await kafka.groups.offsets(group))[0]?.offset, 4);
    const reset = (to: Parameters<typeof kafka.groups.reset>[1]["to"]) =>
      kafka.groups.reset(group, { topic: of, to });
    assert.deepEqual(await reset({ timestampMs: 1_002 }), [{ ...change, to: 2 }]);
    assert.deepEqual(await reset({ offset: 99 }), [{ ...change, from: 2, to: 6 }]);
    assert.deepEqual(await reset("earliest"), [{ ...change, from: 6, to: 0 }]);
    const again = await consumer(kafka, { group, topics: of });
    assert.equal((await again.take(1))[0]?.offset, 0);
  }));

// akhq#2720, redpanda-data/console#2222, kafbat/kafka-ui#1950: such groups were missing from lists.
Deno.test("groups.describe() knows the members of a group of the new protocol, and reset() names them", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const of = await topic("new-protocol"), group = name("new-protocol");
    const member = await consumer(kafka, { ...{ group, topics: of }, groupProtocol: "consumer" });
    const { protocol, members } = await kafka.groups.settled(group, { members: 1 });
    assert.equal(protocol, "consumer");
    assert.deepEqual(members[0]?.partitions, [0, 1].map((partition) => ({ topic: of, partition })));
    assert.ok((await kafka.groups.list()).includes(group));
    const reset = () => kafka.groups.reset(group, { topic: of, to: "earliest" });
    await assert.rejects(reset(), { message: /it still has 1 members: consumer-\d+ \(close them/ });
    await member.close();
    assert.equal((await kafka.groups.settled(group, { members: 0 })).state, "Empty");
    assert.equal((await reset()).length, 2);
    assert.equal((await kafka.groups.describe(name("nobody"))).state, "Dead");
  }));

Deno.test("groups.delete() forgets a group, after closing its members of this connection only", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const of = await topic("forget", 1), group = name("forget");
    await using elsewhere = await connect({ onNotice: () => {} });
    const foreign = await consumer(elsewhere, { group, topics: of, name: "foreign" });
    const own = await consumer(kafka, { group, topics: of, name: "own" });
    await assert.rejects(kafka.groups.delete(group), /it still has members in other programs/);
    assert.deepEqual(await own.take(1), []);
    await foreign.close();
    assert.equal(await kafka.groups.delete(group), true);
    assert.equal(await kafka.groups.delete(group), false);
  }));

Deno.test("topics.delete() closes the consumers of this connection that read the topic", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const of = await topic("closing", 1);
    const reader = await consumer(kafka, { group: name("closing"), topics: of });
    await kafka.topics.delete(of);
    assert.deepEqual(await reader.take(1), []);
  }));

Deno.test("groups.settled() and take() end by the connection's stop signal", () =>
  onKafka(async ({ topic, name }) => {
    const stop = new AbortController();
    await using kafka = await connect({ stopSignal: () => stop.signal });
    const of = await topic("stop", 1), group = name("stop");
    const reader = await consumer(kafka, { group, topics: of });
    const waits = [reader.take(1), kafka.groups.settled(group, { members: 9 })];
    stop.abort(new Error("Stopped by you"));
    for (const wait of waits) await assert.rejects(wait, { message: "Stopped by you" });
  }));

Deno.test("readTopic() reads to the end as it is, and leaves no group behind", () =>
  onKafka(async ({ kafka, topic }) => {
    const of = await topic("read");
    await using out = producer(kafka);
    await out.send(of, numbers(0, 1000));
    const before = await kafka.groups.list();
    let count = 0;
    for await (const _ of readTopic(kafka, of)) {
      if (count++ === 0) await out.send(of, numbers(1000, 1010));
    }
    assert.equal(count, 1000);
    assert.deepEqual(await kafka.groups.list(), before);
  }));

Deno.test("readTopic() reads what a broker has packed as zstd", () =>
  onKafka(async ({ kafka, topic }) => {
    const of = await topic("packed", 1);
    await kafka.topics.configure(of, { "compression.type": "zstd" });
    await using out = producer(kafka);
    await out.send(of, numbers(0, 100));
    const read = await readAll(kafka, of);
    assert.deepEqual(read.map(({ value }) => value), numbers(0, 100).map(({ value }) => value));
  }));

Deno.test("readAll() starts where it is told, and sorts by partition and offset", () =>
  onKafka(async ({ kafka, topic }) => {
    const of = await topic("from");
    await using out = producer(kafka);
    await out.send(of, numbers(0, 8).map((one, i) => ({ ...one, timestamp: 1_000 + i })));
    const read = async (options: Parameters<typeof readAll>[2]) =>
      (await readAll(kafka, of, options)).map(({ partition, offset }) => `${partition}:${offset}`);
    assert.deepEqual(await read({ from: { last: 1 } }), ["0:3", "1:3"]);
    assert.deepEqual(await read({ from: { offset: 2 }, partitions: [1] }), ["1:2", "1:3"]);
    assert.deepEqual(await read({ from: { timestampMs: 1_005 } }), ["0:3", "1:2", "1:3"]);
    assert.equal((await read({ max: 3 })).length, 3);
    await assert.rejects(read({ partitions: [7] }), RangeError);
  }));

Deno.test("topicLanes() is what a picture of a topic needs", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const of = await topic("lanes"), group = name("lanes");
    await using out = producer(kafka);
    await out.send(of, numbers(0, 4));
    const reader = await consumer(kafka, { group, topics: of, name: "a" });
    reader.pause([{ topic: of, partition: 1 }]);
    await reader.take(1);
    await reader.commit();
    const { partitions, members } = await topicLanes(kafka, of, { group, last: 1 });
    assert.deepEqual(members, [{ id: "a" }]);
    const [first] = partitions;
    assert.deepEqual([first?.start, first?.end, first?.committed, first?.owner], [0, 2, 1, "a"]);
    assert.deepEqual(first?.records.map(({ offset, value }) => [offset, value]), [[
      1,
      '{"number":2}',
    ]]);
  }));
