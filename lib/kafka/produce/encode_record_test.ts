import assert from "node:assert/strict";
import { type EncodedRecord, encodeRecord } from "./encode_record.ts";
import { json } from "../../serde/mod.ts";

const options = {
  topic: "t",
  partitions: 2,
  key: json<unknown>(),
  value: json<unknown>(),
  maxBytes: 1000,
  choose: () => 1,
};

Deno.test("encodeRecord() chooses the partition before anything is sent", () => {
  const record = encodeRecord({ value: 1 }, 0, options) as EncodedRecord;
  assert.equal(record.partition, 1);
  assert.equal(
    (encodeRecord({ value: 1, partition: 0 }, 0, options) as EncodedRecord).partition,
    0,
  );
});

Deno.test("encodeRecord() keeps a timestamp of 0", () => {
  const record = encodeRecord({ value: 1, timestamp: 0 }, 0, options) as EncodedRecord;
  assert.equal(record.message.timestamp, 0);
});

Deno.test("encodeRecord() writes null as a tombstone", () => {
  const record = encodeRecord({ key: 1, value: null }, 0, options) as EncodedRecord;
  assert.equal(record.message.value, null);
});

Deno.test("encodeRecord() names the record that is too large", () => {
  assert.throws(() => encodeRecord({ value: "x".repeat(1000) }, 4, options), {
    name: "RangeError",
    message: /^Cannot write record 4 to topic "t": it takes 1032 bytes, at most 1000 fit/,
  });
});

Deno.test("encodeRecord() refuses a partition that the topic does not have", () => {
  assert.throws(() => encodeRecord({ value: 1, partition: 2 }, 0, options), {
    name: "RangeError",
    message: 'Cannot write record 0 to partition 2 of topic "t": it has 2 partitions',
  });
});

Deno.test("encodeRecord() says which part of which record its serde could not write", () => {
  assert.throws(() => encodeRecord({ value: () => 1 }, 2, options), {
    name: "TypeError",
    message:
      'Cannot write the value of record 2 to topic "t": a function cannot be written as JSON',
  });
  const silent = { ...json<unknown>(), encode: () => undefined as never };
  assert.throws(
    () => encodeRecord({ key: 1, value: 1 }, 0, { ...options, key: silent }),
    TypeError,
  );
});

Deno.test("encodeRecord() waits only for a serde that waits", async () => {
  const slow = { ...json<unknown>(), encode: () => Promise.resolve(new Uint8Array(3)) };
  assert.ok(!(encodeRecord({ value: 1 }, 0, options) instanceof Promise));
  const record = encodeRecord({ value: 1 }, 0, { ...options, value: slow });
  assert.ok(record instanceof Promise);
  assert.equal((await record).message.value?.length, 3);
});
