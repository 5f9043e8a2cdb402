import assert from "node:assert/strict";
import { type BadRecord, decodeRecord, rawRecord } from "./record.ts";
import { json } from "./serdes.ts";

const raw = {
  topic: "t",
  partition: 1,
  offset: 7,
  timestamp: 0,
  key: null,
  value: new TextEncoder().encode("{oops"),
  headers: {},
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

Deno.test("rawRecord() copies the bytes out of the fetched buffer", () => {
  const buffer = new Uint8Array(1000);
  const message = {
    offset: "3",
    timestamp: "5",
    attributes: 0,
    key: null,
    value: buffer.subarray(10, 12),
    headers: { h: [buffer.subarray(0, 1), buffer.subarray(1, 2)] },
  };
  const record = rawRecord({ topic: "t", partition: 0 }, message as never);
  assert.equal(record.value?.buffer.byteLength, 2);
  assert.deepEqual([record.offset, record.timestamp, record.headers.h?.length], [3, 5, 1]);
});
