import assert from "node:assert/strict";
import { type BadRecord, type ConsumedRecord, decodeRecord, rawRecord } from "./record.ts";
import { bytes, json } from "../../serde/mod.ts";

const raw = {
  topic: "t",
  partition: 1,
  offset: 7,
  timestamp: 0,
  key: null,
  value: new TextEncoder().encode("{oops"),
  headers: [],
};
const serdes = { key: json<unknown>(), value: json<unknown>() };

Deno.test("decodeRecord() fails by default with topic, partition and offset", () => {
  assert.throws(() => decodeRecord(raw, { ...serdes, onDecodeError: "fail" }), {
    name: "KafkaError",
    message: /^Cannot read the record at t-1-7: .*JSON.* \(choose onDecodeError: "skip"/,
  });
});

Deno.test("decodeRecord() leaves out what it cannot read when told to skip", () => {
  assert.equal(decodeRecord(raw, { ...serdes, onDecodeError: "skip" }), undefined);
});

Deno.test("decodeRecord() hands over what it cannot read, its bytes as they are", async () => {
  const seen: BadRecord[] = [];
  const onDecodeError = async (bad: BadRecord) => {
    await Promise.resolve();
    seen.push(bad);
  };
  assert.equal(await decodeRecord(raw, { ...serdes, onDecodeError }), undefined);
  assert.equal(seen[0]?.record.value, raw.value);
  assert.equal(seen[0]?.error.offset, 7);
});

Deno.test("decodeRecord() lets tombstones through without asking the serde", () => {
  const record = decodeRecord({ ...raw, value: null }, { ...serdes, onDecodeError: "fail" });
  assert.deepEqual(record, { ...raw, value: null });
});

Deno.test("decodeRecord() waits for a serde that waits", async () => {
  const slow = { ...json<unknown>(), decode: () => Promise.resolve("later") };
  const record = decodeRecord(raw, { key: slow, value: slow, onDecodeError: "fail" });
  assert.ok(record instanceof Promise);
  assert.equal((await record)?.value, "later");
});

Deno.test("decodeRecord() copies bytes that a serde hands on out of the fetched answer", () => {
  const answer = new Uint8Array(1000);
  const record = decodeRecord(
    rawRecord({ topic: "t", partition: 0 }, {
      offset: 3,
      timestamp: 5,
      key: null,
      value: answer.subarray(10, 12),
      headers: [["h", answer.subarray(1, 2)], ["h", null]],
    }),
    { key: bytes, value: bytes, onDecodeError: "fail" },
  ) as ConsumedRecord<Uint8Array, Uint8Array>;
  assert.notEqual(record.value?.buffer, answer.buffer);
  assert.notEqual(record.headers[0]![1]?.buffer, answer.buffer);
  assert.deepEqual([record.value?.length, record.headers[0]![1]?.length], [2, 1]);
});
