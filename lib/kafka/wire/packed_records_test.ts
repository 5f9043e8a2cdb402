import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { encodeProduceRequest, type WireProducer } from "./encode_batch.ts";
import type { WireRecord } from "./byte_writer.ts";
import { PackedRecords } from "./packed_records.ts";
import { openRecordSet } from "./record_batch.ts";

const PRODUCER: WireProducer = { producerId: 7n, producerEpoch: 3 };
const T = 1_609_459_200_000;
const record = (text: string, timestamp: number, headers?: WireRecord["headers"]): WireRecord => ({
  key: Buffer.from("k"),
  value: Buffer.from(text),
  timestamp,
  ...(headers ? { headers } : {}),
});

function packed(...records: WireRecord[]): PackedRecords {
  const all = new PackedRecords();
  for (const one of records) all.add(one);
  return all;
}

function request(messages: readonly WireRecord[] | PackedRecords): Buffer {
  return encodeProduceRequest(PRODUCER, [{
    topic: "t",
    partition: 0,
    firstSequence: 5,
    messages,
  }]);
}

/** The batches of a request: behind transactional id, acks, time-out, topics, name, partitions, partition, size. */
const batchesOf = (request: Buffer) => request.subarray(2 + 2 + 4 + 4 + 3 + 4 + 4 + 4);

Deno.test("PackedRecords give the batch that the list gives, which is what kafkajs writes", () => {
  const list = [
    record("a", T),
    { key: null, value: null, timestamp: T + 1 },
    record("🚕".repeat(9_000), T + 70_000, [["ä", Buffer.from("b")], ["c", Buffer.from("")]]),
  ];
  assert.equal(request(packed(...list)).toString("hex"), request(list).toString("hex"));
});

Deno.test("PackedRecords take times earlier than the first, as Java's producer does", () => {
  const times = [T, T - 70_000, T + 5, 0];
  const bytes = request(packed(...times.map((timestamp) => record("v", timestamp))));
  const { unread } = openRecordSet(batchesOf(bytes), 0);
  assert.deepEqual(unread.takeAll().map(({ timestamp }) => timestamp), times);
  assert.equal(batchesOf(bytes).readBigInt64BE(35), BigInt(T + 5), "the latest time");
});

Deno.test("PackedRecords keep a copy, and nothing of it after clear()", () => {
  const value = Buffer.from("before");
  const records = packed({ key: null, value, timestamp: T });
  value.write("after!");
  assert.match(request(records).toString(), /before/);
  records.clear();
  assert.deepEqual([records.length, records.byteLength], [0, 0]);
  records.add(record("new", 5));
  assert.equal(request(records).toString("hex"), request([record("new", 5)]).toString("hex"));
});

Deno.test("PackedRecords give their records again, so that a batch can be cut", () => {
  const list = [record("a", T), record("b", T + 5, [["c", Buffer.from("d")]]), record("e", T - 3)];
  const shown = packed(...list).records().map((
    { value, timestamp },
  ) => [Buffer.from(value!).toString(), timestamp]);
  assert.deepEqual(shown, [["a", T], ["b", T + 5], ["e", T - 3]]);
});
