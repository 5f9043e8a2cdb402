import assert from "node:assert/strict";
import { CODECS, pack } from "./compression.ts";
import { Buffer } from "node:buffer";
import { RecordBatch } from "kafkajs/src/protocol/recordBatch/v0/index.js";
import Record from "kafkajs/src/protocol/recordBatch/record/v0/index.js";
import { sealed } from "../../../tests/testkit/raw_batch.ts";
import { openRecordSet } from "./record_batch.ts";

interface Spec {
  readonly firstOffset?: number;
  readonly values: readonly (string | null)[];
  readonly timestamps?: readonly number[];
  readonly key?: string | null;
  readonly headers?: { readonly [name: string]: Buffer };
  readonly compression?: number;
  readonly transactional?: boolean;
  readonly producerId?: number;
}

/** A batch as kafkajs writes it: what the broker stores, but for the offset that it fills in. */
async function batch(spec: Spec): Promise<Buffer> {
  const timestamps = spec.timestamps ?? spec.values.map((_, i) => 1000 + i);
  const { buffer } = await RecordBatch({
    compression: spec.compression ?? 0,
    firstTimestamp: timestamps[0],
    maxTimestamp: Math.max(...timestamps),
    producerId: spec.producerId ?? -1,
    producerEpoch: 0,
    firstSequence: 0,
    transactional: spec.transactional ?? false,
    lastOffsetDelta: spec.values.length - 1,
    records: spec.values.map((value, i) =>
      Record({
        offsetDelta: i,
        timestampDelta: timestamps[i]! - timestamps[0]!,
        key: spec.key ?? null,
        value,
        ...(spec.headers ? { headers: spec.headers } : {}),
      })
    ),
  });
  const bytes = Buffer.from(buffer);
  bytes.writeBigInt64BE(BigInt(spec.firstOffset ?? 0), 0);
  return bytes;
}

const text = (bytes: Uint8Array | null) => bytes && new TextDecoder().decode(bytes);
const valuesOf = (set: ReturnType<typeof openRecordSet>) =>
  set.unread.takeAll().map(({ offset, value }) => [offset, text(value)]);

Deno.test("openRecordSet() reads keys, values, timestamps and headers", async () => {
  const bytes = await batch({
    firstOffset: 5_000_000_000,
    key: "k",
    values: ["a", null],
    timestamps: [1_609_459_200_000, 1_609_459_199_000],
    headers: { why: Buffer.from("so") },
  });
  const { unread, nextOffset } = openRecordSet(bytes, 0), records = unread.takeAll();
  assert.equal(nextOffset, 5_000_000_002);
  assert.deepEqual(
    records.map(({ offset, timestamp, key, value, headers }) => ({
      offset,
      timestamp,
      key: text(key),
      value: text(value),
      why: text(headers![0]![1]),
    })),
    [
      { offset: 5_000_000_000, timestamp: 1_609_459_200_000, key: "k", value: "a", why: "so" },
      { offset: 5_000_000_001, timestamp: 1_609_459_199_000, key: "k", value: null, why: "so" },
    ],
  );
});

Deno.test("openRecordSet() leaves out what stands before the offset asked for", async () => {
  const bytes = await batch({ firstOffset: 10, values: ["a", "b", "c"] });
  const set = openRecordSet(bytes, 12);
  assert.equal(set.unread.size, 1);
  assert.deepEqual(valuesOf(set), [[12, "c"]]);
  assert.throws(() => set.unread.take(), { name: "RangeError", message: /all of them are taken/ });
});

Deno.test("openRecordSet() leaves a batch that was cut off for the next fetch", async () => {
  const first = await batch({ values: ["a"] });
  const second = await batch({ firstOffset: 1, values: ["b"] });
  const cut = Buffer.concat([first, second.subarray(0, second.length - 1)]);
  const set = openRecordSet(cut, 0);
  assert.deepEqual([valuesOf(set), set.nextOffset], [[[0, "a"]], 1]);
});

/**
 * Two transactional producers on one partition, an offset a word: `a` and `b` are their records; `a!` and `b!` abort,
 * `a.` and `b.` commit what stands before; `-` was written outside transactions.
 */
async function log(text: string): Promise<Buffer> {
  const batches = text.split(" ").map(async (word, firstOffset) => {
    const producerId = ["a", "b"].indexOf(word[0]!);
    const one = await batch({
      firstOffset,
      values: [word],
      key: ZEROS,
      producerId,
      transactional: producerId >= 0,
    });
    if (word.length > 1) one.writeInt16BE(one.readInt16BE(21) | 0x20, 21);
    return one;
  });
  return Buffer.concat(await Promise.all(batches));
}

/** Not the end of a transaction, although the key of one that was aborted looks so. */
const ZEROS = "\0\0\0\0";

/** Offsets that a read-committed reader is given. */
async function committed(text: string, { aborted, from = 0 }: {
  readonly aborted: readonly (readonly [producer: "a" | "b", first: number])[];
  readonly from?: number;
}): Promise<readonly number[]> {
  const set = openRecordSet(
    await log(text),
    from,
    aborted.map(([who, firstOffset]) => ({ producerId: who === "a" ? 0n : 1n, firstOffset })),
  );
  assert.equal(set.nextOffset, text.split(" ").length);
  return set.unread.takeAll().map(({ offset }) => offset);
}

Deno.test("openRecordSet() passes over an aborted transaction and goes on after its marker", async () => {
  assert.deepEqual(await committed("a b a! a", { aborted: [["a", 0]] }), [1, 3]);
});

Deno.test("openRecordSet() drops aborted records, whoever ended first", async () => {
  // The broker tells of b first: its transaction ended first.
  const aborted = [["b", 1], ["a", 0]] as const;
  assert.deepEqual(await committed("a b b! a a! a b a. b.", { aborted }), [5, 6]);
});

Deno.test("openRecordSet() drops aborted records that began before the first one read", async () => {
  const aborted = [["a", 0], ["b", 1], ["a", 4]] as const;
  assert.deepEqual(await committed("a b a! b a b! a! a a.", { aborted, from: 3 }), [7]);
});

Deno.test("openRecordSet() keeps what was written outside transactions", async () => {
  assert.deepEqual(await committed("a - a!", { aborted: [["a", 0]] }), [1]);
});

for (const [id, codec] of CODECS.entries()) {
  Deno.test(`openRecordSet() reads ${codec}`, async () => {
    const packed = packedBatch(await batch({ values: ["a", "b"] }), id);
    assert.deepEqual(valuesOf(openRecordSet(packed, 0)), [[0, "a"], [1, "b"]]);
  });
}

Deno.test("openRecordSet() reads times before 1970 and long after it", async () => {
  const timestamps = [0, -5, 40_000_000_000_000];
  const bytes = await batch({ values: ["a", "b", "c"], timestamps });
  assert.deepEqual(
    openRecordSet(bytes, 0).unread.takeAll().map((one) => one.timestamp),
    timestamps,
  );
});

/** The same batch, packed. */
function packedBatch(plain: Buffer, codec: number): Buffer {
  const header = Buffer.from(plain.subarray(0, 61));
  const body = pack(plain.subarray(61), CODECS[codec]!);
  header.writeInt32BE(61 - 12 + body.length, 8);
  header.writeInt16BE(codec, 21);
  return sealed(Buffer.concat([header, body]));
}
