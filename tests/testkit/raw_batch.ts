/** Record batches byte by byte, right and wrong ones: what no client of ours would write. */
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { ByteWriter } from "../../lib/kafka/wire/byte_writer.ts";
import { crc32c } from "../../lib/kafka/wire/crc32c.ts";

/** Kafka's numbers for codecs; 7 is not given to any. */
export const CODEC = { none: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4, unknown: 7 } as const;

const HEADER_BYTES = 61;

/** What a batch holds. */
export interface RawBatch {
  readonly firstOffset?: number;
  readonly values: readonly (string | Uint8Array)[];
  /** @default none has one */
  readonly keys?: readonly Uint8Array[];
  readonly codec?: keyof typeof CODEC;
  /** Packs the records, or damages them. @default as the codec asks for, gzip alone */
  readonly body?: (plain: Buffer) => Uint8Array;
}

/** A batch of magic 2 as the broker stores it. */
export function rawBatch(
  { firstOffset = 0, values, keys = [], codec = "none", body }: RawBatch,
): Buffer {
  const room = [...keys, ...values].reduce((sum, one) => sum + one.length * 3 + 40, 64);
  const writer = new ByteWriter(room);
  values.forEach((value, i) => {
    const key = keys[i] ? Buffer.from(keys[i]) : null;
    writer.record({ key, value: Buffer.from(value as Uint8Array), timestamp: 1_000 + i }, i, 1_000);
  });
  const plain = Buffer.from(writer.bytes.subarray(0, writer.at));
  const packed = body ? body(plain) : codec === "gzip" ? gzipSync(plain) : plain;
  const bytes = Buffer.concat([Buffer.alloc(HEADER_BYTES), packed]);
  bytes.writeBigInt64BE(BigInt(firstOffset), 0);
  bytes[16] = 2;
  bytes.writeInt16BE(CODEC[codec], 21);
  bytes.writeInt32BE(values.length - 1, 23);
  bytes.writeBigInt64BE(1_000n, 27);
  bytes.writeBigInt64BE(1_000n + BigInt(values.length - 1), 35);
  bytes.writeBigInt64BE(-1n, 43);
  bytes.writeInt16BE(-1, 51);
  bytes.writeInt32BE(-1, 53);
  bytes.writeInt32BE(values.length, 57);
  return sealed(bytes);
}

/** Writes the length and the checksum of a changed batch into it. */
export function sealed(bytes: Buffer): Buffer {
  bytes.writeInt32BE(bytes.length - 12, 8);
  bytes.writeUInt32BE(crc32c(bytes, 21), 17);
  return bytes;
}

/** One record whose value is so many spaces: next to nothing when it is packed. */
export function spaces(bytes: number): Buffer {
  const head = Buffer.concat([Buffer.from([0, 0, 0, 1]), zigZag(bytes)]);
  const record = [zigZag(head.length + bytes + 1), head, Buffer.alloc(bytes, 32), Buffer.from([0])];
  return Buffer.concat(record);
}

function zigZag(number: number): Buffer {
  const bytes: number[] = [];
  let left = number * 2;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push(left % 128 + 128);
  return Buffer.from([...bytes, left]);
}
