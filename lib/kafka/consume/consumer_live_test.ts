import { sleep } from "../../async/mod.ts";
import assert from "node:assert/strict";
import { cooperativeStickyAssignor } from "../group/assignor.ts";
import { connect } from "../client/connect.ts";
import { consumer } from "./consumer.ts";
import type { ConsumedRecord } from "./record.ts";
import { producer } from "../produce/producer.ts";
import { bytes } from "../../serde/mod.ts";
import { type LiveKafka, numbers, onKafka } from "../../../tests/testkit/live_kafka.ts";

interface Numbered {
  readonly number: number;
}

const places = (records: readonly ConsumedRecord[]) =>
  records.map(({ partition, offset }) => `${partition}:${offset}`);

/** A topic with so many numbers, and a group that has not read it. */
async function filled({ kafka, topic, name }: LiveKafka, count: number, partitions = 1) {
  const filled = { kafka, topic: await topic("numbers", partitions), group: name("group") };
  await using out = producer(kafka);
  await out.send(filled.topic, numbers(0, count));
  return filled;
}

Deno.test("take() gives so many records in order, and fewer when the time is up", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 5);
    const reader = await consumer<unknown, Numbered>(kafka, { group, topics: topic });
    const seen = await reader.take(3, { timeoutMs: 10_000 });
    assert.deepEqual(seen.map(({ value }) => value?.number), [0, 1, 2]);
    assert.deepEqual(places(await reader.take(9, { timeoutMs: 500 })), ["0:3", "0:4"]);
    assert.deepEqual(await reader.take(1, { timeoutMs: 50 }), []);
  }));

Deno.test("take() ends with an error when its signal aborts", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 0);
    const reader = await consumer(kafka, { group, topics: topic });
    const stop = new AbortController();
    const taking = reader.take(1, { timeoutMs: 60_000, signal: stop.signal });
    stop.abort(new Error("Stopped by you"));
    await assert.rejects(taking, { message: "Stopped by you" });
  }));

Deno.test("take() puts back what it had when its signal aborts", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 3);
    const reader = await consumer(kafka, { group, topics: topic });
    const stop = new AbortController();
    const taking = reader.take(9, { timeoutMs: 60_000, signal: stop.signal });
    while (reader.positions()[0]?.offset !== 3) {
      await sleep(10);
    }
    stop.abort(new Error("Stopped by you"));
    await assert.rejects(taking, { message: "Stopped by you" });
    assert.deepEqual(places(await reader.take(3)), ["0:0", "0:1", "0:2"]);
  }));

Deno.test("records() ends after so many, or when nothing comes", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 6, 2);
    const reader = await consumer(kafka, { group, topics: topic });
    const first: ConsumedRecord[] = [];
    for await (const record of reader.records({ max: 4 })) first.push(record);
    assert.equal(first.length, 4);
    let rest = 0;
    for await (const _ of reader.records({ idleMs: 300 })) rest++;
    assert.equal(rest, 2);
  }));

Deno.test("batch() gives what is there, and counts it as processed at the next call", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 6);
    const reader = await consumer(kafka, { group, topics: topic });
    assert.deepEqual(places(await reader.batch({ max: 2 })), ["0:0", "0:1"]);
    assert.equal((await reader.batch()).length, 4);
    assert.deepEqual(await reader.batch({ timeoutMs: 100 }), []);
    await reader.commit();
    assert.equal((await kafka.groups.offsets(group))[0]?.offset, 6);
  }));

Deno.test("a group goes on after the last record that was read, another group from the start", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 4);
    const first = await consumer(kafka, { group, topics: topic });
    await first.take(3);
    await first.close();
    const second = await consumer(kafka, { group, topics: topic });
    assert.deepEqual(places(await second.take(1)), ["0:3"]);
    const other = await consumer(kafka, { group: `${group}.2`, topics: topic });
    assert.deepEqual(places(await other.take(1)), ["0:0"]);
  }));

Deno.test("commit() alone decides where a group goes on when autoCommit is off", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 5);
    const options = { group, topics: topic, autoCommit: false } as const;
    const first = await consumer(kafka, options);
    const [, second] = await first.take(3);
    await first.commit(second);
    await first.close();
    assert.deepEqual(await kafka.groups.offsets(group), [{ topic, partition: 0, offset: 2 }]);
    const again = await consumer(kafka, options);
    assert.deepEqual(places(await again.take(2)), ["0:2", "0:3"]);
    await again.commit();
    assert.equal((await kafka.groups.lag(group))[0]?.lag, 1);
  }));

Deno.test("autoCommit commits by itself while the consumer lives", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 3);
    const reader = await consumer(kafka, { group, topics: topic, autoCommit: { intervalMs: 50 } });
    await reader.take(2);
    for (;;) {
      const [committed] = await kafka.groups.offsets(group);
      if (committed?.offset === 2) break;
      await sleep(50);
    }
  }));

Deno.test("a record counts as processed only when the loop asks for the next", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 3);
    const reader = await consumer(kafka, { group, topics: topic, autoCommit: { intervalMs: 20 } });
    const loop = reader.records({ max: 3 });
    await loop.next();
    await loop.next();
    for (;;) {
      const [committed] = await kafka.groups.offsets(group);
      assert.ok((committed?.offset ?? 0) < 2, "the record in hand is not committed");
      if (committed?.offset === 1) break;
      await sleep(20);
    }
  }));

Deno.test("a second consumer closes the first only where a connection is told to", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 6);
    const options = { group, topics: topic, name: "a" };
    const first = await consumer(kafka, options);
    await first.take(2);
    const second = await consumer(kafka, options);
    const { members } = await kafka.groups.settled(group, { members: 2 });
    assert.deepEqual(members.map(({ member }) => member), ["a", "a"]);
    await first.close();
    await second.close();
    const opened: { close(): Promise<void> }[] = [];
    await using notebook = await connect({
      onConsumer: async (made) => {
        await opened.at(-1)?.close();
        opened.push(made);
      },
    });
    const third = await consumer(notebook, options), fourth = await consumer(notebook, options);
    assert.deepEqual(places(await fourth.take(1)), ["0:2"]);
    assert.deepEqual(await third.take(1), []);
  }));

Deno.test("members share the partitions: two get one each, a third is idle, and one that leaves is replaced", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 20, 2);
    const join = (name: string) =>
      consumer<unknown, Numbered>(kafka, { group, topics: topic, name });
    const a = await join("a"), b = await join("b"), c = await join("c");
    const { members } = await kafka.groups.settled(group, { members: 3 });
    assert.deepEqual(members.map((one) => [one.member, one.partitions.length]), [
      ["a", 1],
      ["b", 1],
      ["c", 0],
    ]);
    assert.deepEqual(c.assignment.partitions, []);
    const seen = [...await a.take(4), ...await b.take(4)];
    await a.close();
    await kafka.groups.settled(group, { members: 2 });
    for (const reader of [b, c]) {
      for await (const record of reader.records({ idleMs: 500 })) seen.push(record);
    }
    const all = seen.map(({ value }) => value!.number).sort((x, y) => x - y);
    assert.deepEqual(all, numbers(0, 20).map(({ value }) => value.number));
    assert.ok(b.history.length >= 2);
  }));

Deno.test("with a cooperative assignor only the partition that moves stops, and nothing comes twice", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 20, 2);
    const join = (name: string) =>
      consumer<unknown, Numbered>(kafka, {
        ...{ group, topics: topic, name },
        assignors: [cooperativeStickyAssignor],
      });
    const a = await join("a");
    const seen = [...await a.take(7)];
    const b = await join("b");
    // Once to give a partition back, once to have it assigned.
    while (b.assignment.partitions.length < 1) await sleep(10);
    assert.deepEqual(
      a.history.slice(0, 2).map(({ partitions }) => partitions.map((one) => one.partition)),
      [[0, 1], [0]],
      "what stays was never given back",
    );
    assert.deepEqual(b.assignment.partitions, [{ topic, partition: 1 }]);
    while (seen.length < 20) {
      for (const reader of [a, b]) seen.push(...await reader.take(20, { timeoutMs: 100 }));
    }
    const all = seen.map(({ value }) => value!.number).sort((x, y) => x - y);
    assert.deepEqual(all, numbers(0, 20).map(({ value }) => value.number));
  }));

Deno.test("a static member that comes back goes on where it was, and its group does not rebalance", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 6);
    const options = { group, topics: topic, instanceId: "reader-1", sessionTimeoutMs: 30_000 };
    const first = await consumer(kafka, options);
    await first.take(2);
    const { generation } = first.assignment;
    await first.close();
    assert.equal((await kafka.groups.describe(group)).members.length, 1, "its place is kept");
    const second = await consumer(kafka, options);
    assert.equal(second.assignment.generation, generation);
    assert.deepEqual(places(await second.take(1)), ["0:2"]);
  }));

Deno.test("from decides only where a group without a commit starts", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 0);
    await using out = producer(kafka);
    const stamped = numbers(0, 4).map((one, i) => ({ ...one, timestamp: 1_000 + i }));
    await out.send(topic, stamped);
    const at = { timestampMs: 1_002 };
    const byTime = await consumer(kafka, { group: `${group}.t`, topics: topic, from: at });
    assert.deepEqual(places(await byTime.take(1)), ["0:2"]);
    const latest = await consumer(kafka, { group: `${group}.l`, topics: topic, from: "latest" });
    await out.send(topic, numbers(4, 5));
    assert.deepEqual(places(await latest.take(1)), ["0:4"]);
    await latest.close();
    const again = await consumer(kafka, {
      group: `${group}.t`,
      topics: topic,
      from: "latest",
      name: "2",
    });
    await byTime.close();
    assert.deepEqual(places(await again.take(1)), ["0:3"]);
  }));

Deno.test("seek() goes to an offset, an end or a time", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 5);
    const reader = await consumer(kafka, { group, topics: topic });
    await reader.take(5);
    await reader.seek({ partition: 0, offset: 3 });
    assert.deepEqual(places(await reader.take(1)), ["0:3"]);
    await reader.seek("earliest");
    assert.deepEqual(places(await reader.take(2)), ["0:0", "0:1"]);
    await reader.seek("latest");
    assert.deepEqual(await reader.take(1, { timeoutMs: 300 }), []);
    await reader.seek({ timestampMs: 0 });
    assert.deepEqual(places(await reader.take(1)), ["0:0"]);
    await assert.rejects(reader.seek({ partition: 7, offset: 0 }), RangeError);
  }));

Deno.test("pause() holds a partition back, resume() lets it go on", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 6, 2);
    const reader = await consumer(kafka, { group, topics: topic });
    reader.pause([{ topic, partition: 0 }]);
    const seen = await reader.take(6, { timeoutMs: 500 });
    assert.deepEqual(places(seen), ["1:0", "1:1", "1:2"]);
    reader.resume();
    assert.deepEqual(places(await reader.take(3)), ["0:0", "0:1", "0:2"]);
  }));

Deno.test("a record that cannot be read stops the reader with its place, and seek() gets past it", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const poisoned = await topic("poison", 1);
    await using out = producer(kafka, { value: bytes });
    const texts = ["1", "{oops", "3"];
    await out.send(poisoned, texts.map((text) => ({ value: new TextEncoder().encode(text) })));
    const options = { topics: poisoned, group: name("fail") };
    const reader = await consumer(kafka, options);
    assert.deepEqual((await reader.take(3)).map(({ value }) => value), [1]);
    await assert.rejects(reader.take(3), { message: new RegExp(`at ${poisoned}-0-1: `) });
    await reader.seek({ partition: 0, offset: 2 });
    assert.deepEqual((await reader.take(1)).map(({ value }) => value), [3]);
    const skip = { ...options, group: name("skip"), onDecodeError: "skip" } as const;
    const skipping = await consumer(kafka, skip);
    assert.deepEqual((await skipping.take(2)).map(({ value }) => value), [1, 3]);
    const dead: number[] = [];
    const handing = await consumer(kafka, {
      ...options,
      group: name("dead"),
      onDecodeError: ({ record }) => void dead.push(record.offset),
    });
    assert.deepEqual([(await handing.take(2)).length, dead], [2, [1]]);
  }));

Deno.test("consumer() says at once that a topic does not exist", () =>
  onKafka(async ({ kafka, name }) => {
    await assert.rejects(consumer(kafka, { group: name("g"), topics: name("missing") }), {
      name: "KafkaError",
      message: /^Cannot read topic "missing\..*": it does not exist \(create it with/,
    });
  }));

Deno.test("a group that its broker assigns moves one partition and goes on in the other", () =>
  onKafka(async (world) => {
    const { kafka, topic, group } = await filled(world, 8, 2);
    const options = { group, topics: topic, groupProtocol: "consumer" } as const;
    const first = await consumer(kafka, { ...options, name: "a" });
    const seen = [...await first.take(6)];
    const second = await consumer(kafka, { ...options, name: "b" });
    const owned = () => [first, second].map(({ assignment }) => assignment.partitions.length);
    while (owned().join() !== "1,1") await sleep(20);
    while (seen.length < 8) {
      for (const reader of [first, second]) seen.push(...await reader.take(8, { timeoutMs: 100 }));
    }
    await Promise.all([first, second].map((reader) => reader.commit()));
    const all = ["0:0", "0:1", "0:2", "0:3", "1:0", "1:1", "1:2", "1:3"];
    assert.deepEqual(places(seen).sort(), all, "nothing is read twice");
    assert.deepEqual((await kafka.groups.offsets(group)).map(({ offset }) => offset), [4, 4]);
    await assert.rejects(consumer(kafka, { ...options, sessionTimeoutMs: 1_000 }), {
      name: "TypeError",
      message: /^Cannot use sessionTimeoutMs with groupProtocol "consumer": the broker decides/,
    });
  }));
