import { Buffer } from "node:buffer";
import { BATCH_HEADER_BYTES } from "./batch_format.ts";
import { openRecordSet } from "./record_batch.ts";
import { crc32c } from "./crc32c.ts";
import { ByteWriter, mostBytesOf, type WireRecord } from "./byte_writer.ts";

const FIRST_BYTES = 16_384;

/**
 * Records for one partition, each written as it comes the way a record batch holds it: what they came in is free at once.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { PackedRecords } from "./packed_records.ts";
 * const packed = new PackedRecords();
 * packed.add({ key: null, value: new Uint8Array(300), timestamp: 1000 });
 * assert.deepEqual([packed.length, packed.byteLength], [1, 309]);
 * ```
 */
export class PackedRecords {
  readonly #writer = new ByteWriter(FIRST_BYTES);
  /** How many there are. */
  length: number = 0;
  /** Time of the first, from which the others' are counted; they may be earlier. */
  firstTimestamp: number = 0;
  /** The latest time. */
  mostTimestamp: number = -Infinity;

  /** Bytes they take in a batch, its header not counted. */
  get byteLength(): number {
    return this.#writer.at;
  }

  /** The bytes; valid until the next `add()` or `clear()`. */
  get bytes(): Buffer {
    return this.#writer.bytes.subarray(0, this.#writer.at);
  }

  /** Appends a copy. False, and nothing done, if with it there might be more bytes than that; one alone always fits. */
  add(record: WireRecord, mostBytes: number = Infinity): boolean {
    const { timestamp } = record, bytes = mostBytesOf(record);
    if (this.length > 0 && this.byteLength + bytes > mostBytes) return false;
    if (this.length === 0) this.firstTimestamp = timestamp;
    if (timestamp > this.mostTimestamp) this.mostTimestamp = timestamp;
    this.#writer.grow(bytes);
    this.#writer.record(record, this.length++, this.firstTimestamp);
    return true;
  }

  /** The records again, as views of the bytes. */
  records(): WireRecord[] {
    const batch = Buffer.alloc(BATCH_HEADER_BYTES + this.byteLength);
    batch.writeInt32BE(batch.length - 12, 8);
    batch[16] = 2;
    batch.writeInt32BE(this.length - 1, 23);
    batch.writeBigInt64BE(BigInt(Math.floor(this.firstTimestamp)), 27);
    batch.writeInt32BE(this.length, 57);
    batch.set(this.bytes, BATCH_HEADER_BYTES);
    batch.writeUInt32BE(crc32c(batch.subarray(21)), 17);
    return openRecordSet(batch, 0).unread.takeAll();
  }

  /** Forgets all of them and keeps the room. */
  clear(): void {
    this.#writer.at = this.length = 0;
    this.mostTimestamp = -Infinity;
  }
}
