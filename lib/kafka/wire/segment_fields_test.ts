import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { rawBatch, sealed } from "../../../tests/testkit/raw_batch.ts";
import { encodeProduceRequest } from "./encode_batch.ts";
import { segmentFields } from "./segment_fields.ts";

/** The batch as a producer writes it, without the request around it. */
function written(key: string | null, value: string | null, headers: [string, Uint8Array][]) {
  const encode = (text: string | null) => text === null ? null : Buffer.from(text);
  const request = encodeProduceRequest({ producerId: 7n, producerEpoch: 0 }, [{
    ...{ topic: "t", partition: 0, firstSequence: 3 },
    messages: [{ key: encode(key), value: encode(value), timestamp: 1_000, headers }],
  }]);
  return request.subarray(request.length - request.readInt32BE(request.indexOf("t") + 9));
}

const names = (bytes: Uint8Array) => segmentFields(bytes).map(({ label }) => label);
const valueOf = (bytes: Uint8Array, label: string) =>
  segmentFields(bytes).find((one) => one.label === label)?.value;

Deno.test("segmentFields() names each byte once, whatever is in the file", () => {
  const files = [
    written("ride-1", "7.5", [["trace", Buffer.from("ü")]]),
    written(null, null, []),
    rawBatch({ values: ["a", "b".repeat(200), "c"], firstOffset: 40 }),
    rawBatch({ values: ["a", "b"], codec: "gzip" }),
  ];
  for (const file of [...files, Buffer.concat(files)]) {
    const fields = segmentFields(file);
    assert.equal(fields[0]!.start, 0);
    assert.equal(fields.at(-1)!.end, file.length);
    for (const [i, { start }] of fields.slice(1).entries()) assert.equal(start, fields[i]!.end);
    assert.equal(fields.reduce((sum, { start, end }) => sum + end - start, 0), file.length);
  }
});

Deno.test("segmentFields() says what the bytes of a producer mean", () => {
  const bytes = written("ride-1", "7.5", [["trace", Buffer.from("ü")]]);
  assert.deepEqual(
    segmentFields(bytes).slice(13).map(({ label, value }) => [label, value]),
    [
      ["record 0 length", 24],
      ["record 0 attributes", 0],
      ["record 0 timestamp delta", 0],
      ["record 0 offset delta", 0],
      ["record 0 key length", 6],
      ["record 0 key", "ride-1"],
      ["record 0 value length", 3],
      ["record 0 value", "7.5"],
      ["record 0 header count", 1],
      ["record 0 header 0 name length", 5],
      ["record 0 header 0 name", "trace"],
      ["record 0 header 0 value length", 2],
      ["record 0 header 0 value", "ü"],
    ],
  );
  assert.deepEqual(
    ["magic", "producer id", "base sequence", "record count"].map((one) => valueOf(bytes, one)),
    [2, 7, 3, 1],
  );
  assert.deepEqual(
    names(written(null, null, [])).slice(-3),
    ["record 0 key length", "record 0 value length", "record 0 header count"],
  );
});

Deno.test("segmentFields() leaves packed records packed, and reads markers", () => {
  const packed = rawBatch({ values: ["a", "b"], codec: "gzip" });
  assert.match(String(valueOf(packed, "records")), /^\d+ bytes of gzip$/);
  // A marker: attributes transactional and control, key of version 0 that says 1, commit.
  const record = Buffer.from("2000000008000000010c00000000000000", "hex");
  const marker = rawBatch({ values: ["x"], body: () => record });
  marker.writeInt16BE(0x30, 21);
  assert.equal(valueOf(sealed(marker), "record 0 key"), "commit");
});

Deno.test("segmentFields() says where a file is cut off or is none", () => {
  const whole = rawBatch({ values: ["a"] });
  assert.deepEqual(names(Buffer.concat([whole, whole.subarray(0, 65)])).slice(-1), ["cut off"]);
  const old = Buffer.from(whole);
  old[16] = 1;
  assert.throws(() => segmentFields(old), {
    name: "SyntaxError",
    message: "Cannot name the bytes of a batch: its magic is 1, not 2",
  });
  const long = Buffer.from(whole);
  long.writeInt32BE(2, 57);
  assert.throws(() => segmentFields(long), /record 1 length has no end/);
  const short = rawBatch({ values: ["a", "b"] });
  short.writeInt32BE(1, 57);
  assert.throws(() => segmentFields(short), /its records end at \d+, the batch at \d+/);
});
