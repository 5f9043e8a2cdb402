import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import produceRequests from "kafkajs/src/protocol/requests/produce/index.js";
import type { WireRecord } from "./byte_writer.ts";
import { encodeProduceRequest, type WireBatch, type WireProducer } from "./encode_batch.ts";
import { openRecordSet } from "./record_batch.ts";

const bytes = (text: string) => Buffer.from(text);

type ListBatch = WireBatch & { readonly messages: readonly WireRecord[] };

/** The same request from kafkajs's own encoder. */
async function stock(producer: WireProducer, batches: readonly ListBatch[]): Promise<Buffer> {
  const topicData = [...Map.groupBy(batches, ({ topic }) => topic)].map(([topic, parts]) => ({
    topic,
    partitions: parts.map(({ messages, ...part }) => ({
      ...part,
      messages: messages.map(({ headers, ...one }) => ({
        ...one,
        ...(headers ? { headers: Object.fromEntries(headers) } : {}),
        timestamp: `${one.timestamp}`,
      })),
    })),
  }));
  const { request } = produceRequests.protocol({ version: 7 })({
    transactionalId: producer.transactionalId ?? null,
    producerId: producer.producerId,
    producerEpoch: producer.producerEpoch,
    acks: -1,
    timeout: 30_000,
    compression: 0,
    topicData,
  });
  return (await request.encode()).buffer;
}

async function assertSame(producer: WireProducer, batches: readonly ListBatch[]): Promise<void> {
  const ours = encodeProduceRequest(producer, batches), theirs = await stock(producer, batches);
  assert.equal(ours.toString("hex"), theirs.toString("hex"));
}

const PRODUCER: WireProducer = { producerId: 7n, producerEpoch: 3 };
const T = 1_609_459_200_000;

Deno.test("encodeProduceRequest() writes what kafkajs writes, for one record", async () => {
  await assertSame(PRODUCER, [{
    topic: "demo_1",
    partition: 0,
    firstSequence: 0,
    messages: [{ key: null, value: bytes('{"number":0}'), timestamp: T }],
  }]);
});

Deno.test("encodeProduceRequest() writes null, empty and tombstones apart, headers and odd names", async () => {
  await assertSame(PRODUCER, [{
    topic: "zürich",
    partition: 300,
    firstSequence: 2_000_000_000,
    messages: [
      { key: null, value: null, timestamp: T },
      { key: bytes(""), value: bytes(""), timestamp: T + 1 },
      {
        key: bytes("k"),
        value: bytes("🚕"),
        timestamp: T,
        headers: [["ä", bytes("b")], ["c", bytes("")]],
      },
    ],
  }]);
});

Deno.test("encodeProduceRequest() writes several topics and partitions, in a transaction", async () => {
  const part = (topic: string, partition: number): ListBatch => ({
    topic,
    partition,
    firstSequence: partition * 5,
    messages: [{ key: bytes(topic), value: bytes(`${partition}`), timestamp: T + partition }],
  });
  const producer = { producerId: 2n ** 40n, producerEpoch: 0, transactionalId: "app-0_1" };
  await assertSame(producer, [part("a", 0), part("b", 1), part("a", 2)]);
});

Deno.test("encodeProduceRequest() writes what kafkajs writes, for 500 random batches", async () => {
  let seed = 9;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2 ** 31) % below;
  const blob = () => random(9) === 0 ? null : Buffer.alloc(random(300), random(256));
  for (let round = 0; round < 500; round++) {
    await assertSame({ producerId: BigInt(random(1e9)), producerEpoch: random(32_000) }, [{
      topic: "t".repeat(1 + random(200)),
      partition: random(1000),
      firstSequence: random(2 ** 30),
      messages: Array.from({ length: 1 + random(40) }, () => ({
        key: blob(),
        value: blob(),
        timestamp: T + random(2 ** 30),
      })),
    }]);
  }
});

Deno.test("encodeProduceRequest() writes times far apart so that they are read back", () => {
  const timestamps = [T, 0, 40_000_000_000_000];
  const request = encodeProduceRequest(PRODUCER, [{
    topic: "t",
    partition: 0,
    firstSequence: 0,
    messages: timestamps.map((timestamp) => ({ key: null, value: bytes("v"), timestamp })),
  }]);
  // transactional id, acks, time-out, topics, name, partitions, partition, size
  const set = request.subarray(2 + 2 + 4 + 4 + 3 + 4 + 4 + 4);
  assert.deepEqual(openRecordSet(set, 0).unread.takeAll().map((one) => one.timestamp), timestamps);
});
