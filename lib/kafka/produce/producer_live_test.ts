import assert from "node:assert/strict";
import { producer } from "./producer.ts";
import { readAll } from "../consume/read_topic.ts";
import { bytes, headerBytes, headerText, json, partitionForKey } from "../../serde/mod.ts";
import { numbers, onKafka } from "../../../tests/testkit/live_kafka.ts";

Deno.test("send() says where each record went, in the order given", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("send");
    await using out = producer(kafka);
    const one = await out.send(name, { value: { number: 0 }, timestamp: 0 });
    assert.deepEqual(one, { topic: name, partition: 0, offset: 0, timestamp: 0 });
    const sent = await out.send(name, numbers(1, 5));
    assert.deepEqual(sent.map(({ partition, offset }) => [partition, offset]), [
      [1, 0],
      [0, 1],
      [1, 1],
      [0, 2],
    ]);
    assert.deepEqual(await out.send(name, []), []);
  }));

Deno.test("send() keeps key, null key, tombstone, timestamp 0 and headers as they were", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("fields", 1);
    await using out = producer(kafka);
    const headers = { from: "test", raw: Uint8Array.of(0, 255) };
    await out.send(name, [
      { key: { vendorId: 1 }, value: { a: 1 }, timestamp: 0, headers },
      { value: null, timestamp: 5 },
    ]);
    const [first, second] = await readAll(kafka, name);
    assert.deepEqual([first?.key, first?.value, first?.timestamp], [{ vendorId: 1 }, { a: 1 }, 0]);
    assert.equal(headerText(first!.headers, "from"), "test");
    assert.deepEqual(headerBytes(first!.headers, "raw"), Uint8Array.of(0, 255));
    assert.deepEqual([second?.key, second?.value, second?.timestamp], [null, null, 5]);
  }));

Deno.test("send() puts a key where Java would", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("keys", 3);
    await using out = producer(kafka);
    const keys = Array.from({ length: 30 }, (_, vendorId) => ({ vendorId }));
    const sent = await out.send(name, keys.map((key) => ({ key, value: 1 })));
    const expected = keys.map((key) => partitionForKey(json().encode(key, name) as Uint8Array, 3));
    assert.deepEqual(sent.map(({ partition }) => partition), expected);
  }));

Deno.test("send() keeps order when calls are not awaited, also behind a serde that waits", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("order", 1);
    const slowAtFirst = json<number>();
    await using out = producer<unknown, number>(kafka, {
      value: {
        ...slowAtFirst,
        encode: (value, of) =>
          value % 10 === 0
            ? new Promise((resolve) => setTimeout(() => resolve(slowAtFirst.encode(value, of)), 20))
            : slowAtFirst.encode(value, of),
      },
    });
    const values = Array.from({ length: 35 }, (_, i) => i);
    const sent = values.map((value) => out.send(name, { value }));
    await out.flush();
    assert.deepEqual((await Promise.all(sent)).map(({ offset }) => offset), values);
    assert.deepEqual((await readAll(kafka, name)).map(({ value }) => value), values);
  }));

Deno.test("send() cuts what does not fit into one request, and names a record that never fits", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("large");
    await using out = producer(kafka, { value: bytes });
    const large = Array.from({ length: 30 }, () => ({ value: new Uint8Array(100_000) }));
    assert.equal((await out.send(name, large)).length, 30);
    const tooLarge = [{ value: new Uint8Array(1) }, { value: new Uint8Array(1_000_000) }];
    await assert.rejects(out.send(name, tooLarge), {
      name: "RangeError",
      message: /^Cannot write record 1 to topic ".*": it takes 1000030 bytes, at most 900000 fit/,
    });
    assert.equal((await out.send(name, { value: new Uint8Array(1) })).offset, 15);
  }));

Deno.test("send() goes on after Kafka refused records, without losing or repeating any", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("refused");
    await using out = producer(kafka);
    await out.send(name, numbers(0, 4));
    const future = Date.now() + 24 * 3_600_000;
    const mixed = [{ value: "kept", partition: 0 }, {
      value: "no",
      partition: 1,
      timestamp: future,
    }];
    await assert.rejects(out.send(name, mixed), /more than an hour in the future/);
    await out.send(name, numbers(4, 8));
    const values = (await readAll(kafka, name)).map(({ value }) => JSON.stringify(value)).sort();
    const expected = [...numbers(0, 8).map(({ value }) => JSON.stringify(value)), '"kept"'].sort();
    assert.deepEqual(values, expected);
  }));

Deno.test("send() says at once that a topic does not exist, and finds it once it is made", () =>
  onKafka(async ({ kafka, name, topic }) => {
    await using out = producer(kafka);
    await assert.rejects(out.send(name("later"), { value: 1 }), {
      name: "KafkaError",
      message: /^Cannot write to topic "later\..*": it does not exist \(create it with/,
    });
    assert.equal((await out.send(await topic("later"), { value: 1 })).offset, 0);
  }));

Deno.test("send() goes on in a topic that was deleted and made again", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("again", 3);
    await using out = producer(kafka);
    await out.send(name, numbers(0, 9));
    await kafka.topics.delete(name);
    await kafka.topics.create(name, { partitions: 3 });
    const sent = await out.send(name, numbers(0, 3));
    assert.deepEqual(sent.map(({ offset }) => offset), [0, 0, 0]);
  }));

Deno.test("ready() holds a fast writer back until there is room", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("room");
    await using out = producer(kafka, { bufferedBytes: 1_000 });
    for (let i = 0; i < 500; i++) {
      await out.ready();
      void out.send(name, { value: { number: i } });
    }
    await out.flush();
    assert.deepEqual(await kafka.topics.endOffsets(name), [250, 250]);
  }));

Deno.test("close() writes what waits, and refuses what comes later", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("close", 1);
    const out = producer(kafka, { lingerMs: 5 });
    const sent = out.send(name, { value: 1 });
    await out.close();
    assert.equal((await sent).offset, 0);
    await assert.rejects(out.send(name, { value: 2 }), /the producer is closed/);
  }));
