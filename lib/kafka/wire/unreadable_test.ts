/** Batches that cannot be read: each costs only itself, and says where it stands and why. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { deflateRawSync, gzipSync, zstdCompressSync } from "node:zlib";
import { rawBatch, sealed, spaces } from "../../../tests/testkit/raw_batch.ts";
import { MOST_UNPACKED_BYTES } from "./compression.ts";
import { type LogRecord, openRecordSet } from "./record_batch.ts";

const good = (firstOffset: number, ...values: string[]) => rawBatch({ firstOffset, values });

/** Offset and value, or offset and why not. */
function shown({ offset, value, unreadable }: LogRecord) {
  return [offset, unreadable ? unreadable.error.message : new TextDecoder().decode(value!)];
}

const BOMB_BYTES = MOST_UNPACKED_BYTES + 1_000;
const bad = (firstOffset: number, how: (batch: Buffer) => void, resealed = true) => {
  const batch = rawBatch({ firstOffset, values: ["x", "y"] });
  how(batch);
  return resealed ? sealed(batch) : batch;
};

const WHOLE = "the record batch cannot be read, with all up to offset 3: ";
type Row = readonly [name: string, batch: Buffer, why: string | RegExp];
const DAMAGED: readonly Row[] = [
  [
    "another byte",
    bad(2, (b) => b[70]! ^= 1, false),
    "its checksum is wrong: its bytes are not those that were written",
  ],
  [
    "a codec that nobody has",
    bad(2, (b) => b.writeInt16BE(7, 21)),
    "its codec is 7, which nobody has defined",
  ],
  ...([["gzip", gzipSync], ["zstd", zstdCompressSync]] as const).map((
    [codec, compress],
  ): Row => [
    `a gigabyte packed by ${codec}`,
    rawBatch({
      firstOffset: 2,
      values: ["x", "y"],
      codec,
      body: () => compress(spaces(BOMB_BYTES)),
    }),
    /^cannot unpack a record batch from (gzip|zstd): it would take more than 67108864 bytes$/,
  ]),
  [
    "gzip that is cut off",
    rawBatch({
      firstOffset: 2,
      values: ["x", "y"],
      codec: "gzip",
      body: (plain) => gzipSync(plain).subarray(0, -12),
    }),
    /from gzip: it is damaged/,
  ],
  [
    "gzip that is none",
    rawBatch({ firstOffset: 2, values: ["x", "y"], codec: "gzip", body: (plain) => plain }),
    /from gzip: it is damaged/,
  ],
  [
    "zstd that is none",
    rawBatch({ firstOffset: 2, values: ["x", "y"], codec: "zstd", body: (plain) => plain }),
    /from zstd: it is damaged/,
  ],
  [
    "two billion records",
    bad(2, (b) => b.writeInt32BE(2 ** 31 - 1, 57)),
    /^it claims 2147483647 records in \d+ bytes$/,
  ],
  [
    "minus one record",
    bad(2, (b) => b.writeInt32BE(-1, 57)),
    /^it claims -1 records in \d+ bytes$/,
  ],
  [
    "more records than offsets",
    bad(2, (b) => b.writeInt32BE(3, 57)),
    /^it claims 3 records in \d+ bytes$/,
  ],
  ["a record longer than the batch", bad(2, (b) => b.writeUInt8(0x7e, 61)), "a record is cut off"],
  ["a record of negative length", bad(2, (b) => b.writeUInt8(0x03, 61)), "a record is cut off"],
  [
    "a key longer than its record",
    bad(2, (b) => b.writeUInt8(0x40, 65)),
    "a record is longer than it says",
  ],
  [
    "an offset before the batch",
    bad(2, (b) => b.writeUInt8(0x03, 64)),
    "a record says that its offset is 0",
  ],
  [
    "an offset behind the batch",
    bad(2, (b) => b.writeUInt8(0x7e, 64)),
    "a record says that its offset is 65",
  ],
  [
    "a number without an end",
    rawBatch({ firstOffset: 2, values: ["x", "y"], body: () => Buffer.alloc(64, 0xff) }),
    "a number is too long",
  ],
];

for (const [name, batch, why] of DAMAGED) {
  Deno.test(`openRecordSet() tells of ${name} once, and reads what stands beside it`, () => {
    const set = openRecordSet(Buffer.concat([good(0, "a", "b"), batch, good(4, "c")]), 0);
    assert.equal(set.nextOffset, 5);
    const [a, b, lost, c, ...rest] = set.unread.takeAll();
    assert.deepEqual([a, b, c].map((one) => shown(one!)), [[0, "a"], [1, "b"], [4, "c"]]);
    assert.deepEqual(rest, []);
    const { offset, key, value, unreadable } = lost!;
    assert.deepEqual([offset, key, unreadable!.nextOffset], [2, null, 4]);
    assert.deepEqual(value, batch, "its bytes tell what is wrong");
    assert.ok(unreadable!.error instanceof SyntaxError);
    const { message } = unreadable!.error;
    assert.ok(message.startsWith(WHOLE), message);
    const said = message.slice(WHOLE.length);
    if (typeof why === "string") assert.equal(said, why);
    else assert.match(said, why);
  });
}

Deno.test("openRecordSet() begins inside a batch that cannot be read, and does not tell of what was read before", () => {
  for (const [name, batch] of DAMAGED) {
    const { unread, nextOffset } = openRecordSet(Buffer.concat([batch, good(4, "c")]), 3);
    const [lost, c, ...rest] = unread.takeAll();
    assert.deepEqual([lost!.offset, nextOffset], [3, 5], name);
    // Where just the record before is bad, the one that was asked for is read.
    if (lost!.unreadable) assert.equal(lost!.unreadable.nextOffset, 4, name);
    else assert.deepEqual(shown(lost!), [3, "y"], name);
    assert.deepEqual([shown(c!), rest], [[4, "c"], []], name);
  }
});

Deno.test("openRecordSet() keeps the records before a bad one, and loses those behind it in the same batch", () => {
  const batch = rawBatch({ values: ["a", "b", "c"] }), second = 61 + 8;
  batch.writeUInt8(0x7e, second);
  const { unread } = openRecordSet(Buffer.concat([sealed(batch), good(3, "d")]), 0);
  assert.equal(unread.size, 4);
  const records = unread.takeAll();
  assert.deepEqual(records.map(({ offset }) => offset), [0, 1, 3]);
  assert.match(records[1]!.unreadable!.error.message, /with all up to offset 2: a record is cut/);
  assert.equal(unread.size, 0);
});

Deno.test("openRecordSet() reads gzip as Java does: what follows its end does not count", () => {
  const follows: [string, (packed: Buffer) => Uint8Array][] = [
    ["a byte", (packed) => Buffer.concat([packed, Buffer.from("x")])],
    ["zeros", (packed) => Buffer.concat([packed, Buffer.alloc(100)])],
    ["another member's beginning", (packed) => Buffer.concat([packed, packed.subarray(0, 12)])],
  ];
  for (const [name, follow] of follows) {
    const body = (plain: Buffer) => follow(gzipSync(plain));
    const { unread } = openRecordSet(rawBatch({ values: ["a"], codec: "gzip", body }), 0);
    assert.deepEqual(unread.takeAll().map(shown), [[0, "a"]], name);
  }
  // A wrong checksum behind the packed bytes is passed over too; the batch has one of its own.
  const header = gzipSync("").subarray(0, 10);
  const body = (plain: Buffer) =>
    Buffer.concat([header, deflateRawSync(plain), Buffer.alloc(8, 1)]);
  const { unread } = openRecordSet(rawBatch({ values: ["a"], codec: "gzip", body }), 0);
  assert.deepEqual(unread.takeAll().map(shown), [[0, "a"]]);
});

Deno.test("openRecordSet() unpacks a batch when its turn comes, so that an answer never stands unpacked as a whole", () => {
  let at = 0;
  const batches = Array.from(
    { length: 30 },
    () => rawBatch({ firstOffset: at++, values: ["x"], codec: "gzip", body: () => PACKED }),
  );
  const { unread } = openRecordSet(Buffer.concat(batches), 0);
  assert.equal(unread.size, 30);
  assert.ok(unread.bytes < 30 * (PACKED.length + 100));
  const most = { bytes: 0 };
  while (unread.size > 0) most.bytes = Math.max(most.bytes, unread.take().value!.length);
  assert.equal(most.bytes, 1 << 20);
});
const PACKED = gzipSync(spaces(1 << 20));

Deno.test("openRecordSet() says that a batch in an older format cannot be read", () => {
  const old = Buffer.alloc(40);
  old.writeBigInt64BE(1n, 0);
  old.writeInt32BE(28, 8);
  old[16] = 1;
  const set = openRecordSet(Buffer.concat([good(0, "a"), old, good(2, "c")]), 0);
  assert.deepEqual(set.unread.takeAll().map(shown), [
    [0, "a"],
    [1, "the record batch cannot be read: its format is 1, and only 2 is known"],
    [2, "c"],
  ]);
});

Deno.test("openRecordSet() ends where a batch does not say where the next one begins", () => {
  for (const length of [-12, -1, 0, 20, -(2 ** 31)]) {
    const batch = good(0, "a");
    batch.writeInt32BE(length, 8);
    assert.throws(() => openRecordSet(batch, 0), {
      name: "SyntaxError",
      message: `Cannot read a record batch of ${length + 12} bytes: it is shorter than its header`,
    });
  }
  const cut = good(0, "a", "b").subarray(0, -1);
  assert.deepEqual(openRecordSet(cut, 0).unread.takeAll(), []);
});
