import assert from "node:assert/strict";
import { producer } from "./producer.ts";
import { readAll } from "../consume/read_topic.ts";
import { bytes, headerBytes, headerText, json, partitionForKey } from "../../serde/mod.ts";
import { consumer } from "../consume/consumer.ts";
import { connect } from "../client/connect.ts";
import { kafkaSettings } from "../../settings/mod.ts";
import { PackedRecords } from "../wire/packed_records.ts";
import { ProduceSession } from "./produce_session.ts";
import { versionProxy } from "../../../tests/version_proxy.ts";
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
    await assert.rejects(out.send(name, { value: new Uint8Array(2_000_000) }), {
      name: "KafkaError",
      message: `Cannot write to topic "${name}": a record of 2000074 bytes is larger than the ` +
        "topic takes, 1048588 (split it, or raise the topic's max.message.bytes)",
    });
    assert.equal((await out.send(name, { value: new Uint8Array(1_000_000) })).offset, 15);
  }));

Deno.test("send() cuts a batch that its topic finds too large, and keeps the order", () =>
  onKafka(async ({ kafka, name }) => {
    const small = name("small");
    await kafka.topics.create(small, { partitions: 1, config: { "max.message.bytes": "1000" } });
    for (const compression of ["none", "gzip"] as const) {
      await using out = producer(kafka, { compression });
      const before = (await kafka.topics.endOffsets(small))[0]!;
      const sent = await out.send(small, numbers(0, 100));
      assert.deepEqual(sent.map(({ offset }) => offset - before), [...Array(100).keys()]);
    }
    const values = (await readAll(kafka, small)).map(({ value }) => value);
    assert.deepEqual(values, [...numbers(0, 100), ...numbers(0, 100)].map(({ value }) => value));
  }));

Deno.test("ProduceSession cuts packed records that their topic finds too large", () =>
  onKafka(async ({ kafka, name }) => {
    const small = name("packed");
    await kafka.topics.create(small, { partitions: 1, config: { "max.message.bytes": "1000" } });
    const messages = new PackedRecords(), session = new ProduceSession(kafka, "packed");
    for (let i = 0; i < 200; i++) {
      const headers = [["i", Uint8Array.of(i)]] as const;
      messages.add({ key: null, value: Uint8Array.of(i), timestamp: 1000 + i, headers });
    }
    const [outcome] = await session.write([{ topic: small, partition: 0, messages }]);
    await session.close();
    assert.ok(outcome && "parts" in outcome && outcome.parts.length > 1);
    const read = await readAll(kafka, small, { value: bytes });
    assert.deepEqual(
      read.map((
        { value, timestamp, headers },
      ) => [value![0], timestamp, headerBytes(headers, "i")![0]]),
      Array.from({ length: 200 }, (_, i) => [i, 1000 + i, i]),
    );
  }));

for (const compression of ["gzip", "snappy", "lz4", "zstd"] as const) {
  Deno.test(`send() packs batches with ${compression}, and readers unpack them`, () =>
    onKafka(async ({ kafka, topic }) => {
      const name = await topic(compression, 1);
      await using out = producer(kafka, { compression });
      await out.send(name, numbers(0, 1_000));
      const values = (await readAll(kafka, name)).map(({ value }) => value);
      assert.deepEqual(values, numbers(0, 1_000).map(({ value }) => value));
    }));
}

Deno.test("send() waits for as many brokers as acks says", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("acks", 1);
    for (const [acks, offset] of [["all", 0], [1, 1], [0, -1]] as const) {
      await using out = producer(kafka, { acks });
      assert.equal((await out.send(name, { value: acks })).offset, offset);
    }
    // There is no event for the last one, so it is read.
    await using reader = await consumer(kafka, { group: `${name}-reader`, topics: name });
    const seen = await reader.take(3, { timeoutMs: 60_000 });
    assert.deepEqual(seen.map(({ value }) => value), ["all", 1, 0]);
  }));

Deno.test("send() writes where the producer's own partitioner says", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("own", 3);
    await using out = producer(kafka, {
      partitioner: ({ value, partitions }) => value!.length % partitions,
    });
    const sent = await out.send(name, [1, 12, 123, 1234].map((value) => ({ value })));
    assert.deepEqual(sent.map(({ partition }) => partition), [1, 2, 0, 1]);
  }));

Deno.test("send() gives up at its delivery time-out and says what it waited for", () =>
  onKafka(async ({ topic }) => {
    const name = await topic("late"), proxy = await versionProxy(kafkaSettings().brokers[0]!, {});
    const settings = { brokers: [proxy.address], local: false, ssl: false };
    await using kafka = await connect({ settings, onNotice: () => {} });
    await using out = producer(kafka, { deliveryTimeoutMs: 500 });
    // On a slow machine the first one may come too late as well.
    while (!await out.send(name, { value: 1 }).then(() => true, () => false));
    await proxy[Symbol.asyncDispose]();
    await assert.rejects(out.send(name, { value: 2 }), {
      name: "KafkaError",
      message:
        /^Cannot write to topic "late\..*": it was not written in time: .+ \(raise deliveryTimeoutMs/,
    });
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
