/**
 * Reads record batches as they stand in Kafka's log: magic 2, a record when it is asked for, and no promise for it.
 *
 * @see The record batch section of Kafka's protocol guide (KIP-98 added transactions and control batches).
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import type { RecordHeader, RecordHeaders } from "../../serde/mod.ts";
import { CODECS, unpack } from "./compression.ts";

/** A record as the broker stores it. Key and value are views into the response: copy what you keep. */
export interface LogRecord {
  /** null where the record has no key. */
  readonly key: Uint8Array | null;
  /** null is a tombstone. */
  readonly value: Uint8Array | null;
  /** Unix epoch ms. */
  readonly timestamp: number;
  /** Its place in the partition, from 0. */
  readonly offset: number;
  /** Left out where there are none. */
  readonly headers?: RecordHeaders;
}

/** A transaction that was given up: its records from `firstOffset` on do not count. */
export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: number;
}

/** The records of one partition's answer, and where the next fetch begins. */
export interface RecordSet {
  readonly unread: UnreadRecords;
  /** After everything in the answer, control records and aborted records included. */
  readonly nextOffset: number;
}

// A byte order mark at the beginning of a name is part of it.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
const HEADER_BYTES = 61, MAGIC = 2;
const COMPRESSION = 0x07, LOG_APPEND_TIME = 0x08, TRANSACTIONAL = 0x10, CONTROL = 0x20;

/**
 * Opens the batches of one partition; a cut-off batch at the end is left for the next fetch.
 *
 * @param bytes The answer's record set.
 * @param fromOffset Records before it (a batch may begin earlier) are left out.
 * @param aborted Given for read-committed reading: records of these transactions are left out.
 * @throws {SyntaxError} If the first batch cannot be read: it is not of magic 2, or damaged, or unpacks to more than
 * 128 MB. Where a later one cannot, those before it are given, and `nextOffset` is where it begins.
 */
export function openRecordSet(
  bytes: Buffer,
  fromOffset: number,
  aborted: readonly AbortedTransaction[] = [],
): RecordSet {
  const batches: BatchReader[] = [];
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const givenUp = new Set<bigint>();
  let at = 0, nextOffset = fromOffset;
  while (at + HEADER_BYTES <= bytes.length) {
    const end = at + 12 + bytes.readInt32BE(at + 8);
    if (end > bytes.length) break;
    const batch = bytes.subarray(at, end);
    const lastOffset = offsetAt(batch, 0) + batch.readInt32BE(23);
    at = end;
    if (lastOffset < fromOffset) continue;
    const attributes = batch.readInt16BE(21), producerId = batch.readBigInt64BE(43);
    while (waiting[0] && waiting[0].firstOffset <= lastOffset) {
      givenUp.add(waiting.shift()!.producerId);
    }
    if (attributes & CONTROL) givenUp.delete(producerId);
    else if (!(attributes & TRANSACTIONAL && givenUp.has(producerId))) {
      try {
        batches.push(new BatchReader(batch, attributes, fromOffset));
      } catch (error) {
        if (batches.length === 0) throw error;
        break;
      }
    }
    nextOffset = lastOffset + 1;
  }
  return { unread: new UnreadRecords(batches), nextOffset };
}

/** Records still in the bytes of a fetch answer: each is decoded when it is taken, so nobody waits for those behind. */
export class UnreadRecords {
  readonly #batches: BatchReader[];
  /** How many there are left to take. */
  size: number = 0;
  /** About how many bytes all of them took, the taken ones too. */
  readonly bytes: number;

  /** @internal */
  constructor(batches: BatchReader[]) {
    let bytes = 0;
    for (const batch of batches) {
      this.size += batch.left;
      bytes += batch.bytes.length;
    }
    this.bytes = bytes;
    this.#batches = batches.reverse();
  }

  /** The next record. @throws {RangeError} If none is left */
  take(): LogRecord {
    if (this.size === 0) throw new RangeError("Cannot take a record: all of them are taken");
    while (this.#batches.at(-1)!.left === 0) this.#batches.pop();
    this.size--;
    return this.#batches.at(-1)!.record();
  }

  /** Takes all that are left. */
  takeAll(): LogRecord[] {
    const records: LogRecord[] = [];
    while (this.size > 0) records.push(this.take());
    return records;
  }
}

/** The records of a batch, unpacked; a plain view, whose parts are cheaper to make than a Buffer's. */
function plainBytes(batch: Buffer, attributes: number): Uint8Array {
  if (batch[16] !== MAGIC) {
    throw new SyntaxError(`Cannot read a record batch of format ${batch[16]}: only 2 is known`);
  }
  const codec = CODECS[attributes & COMPRESSION];
  if (codec === undefined) {
    throw new SyntaxError(`Cannot read a record batch of compression ${attributes & COMPRESSION}`);
  }
  const bytes = unpack(batch.subarray(HEADER_BYTES), codec);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A 64-bit number as Kafka uses them: far below 2^53. */
function offsetAt(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

/** Reads the records of one batch, one after the other. */
class BatchReader {
  readonly bytes: Uint8Array;
  /** Records that were not read yet. */
  left: number;
  readonly #baseOffset: number;
  readonly #baseTimestamp: number;
  /** The time of all records, where the broker stamps them. */
  readonly #appended: number | undefined;
  #at = 0;

  constructor(batch: Buffer, attributes: number, fromOffset: number) {
    this.#baseOffset = offsetAt(batch, 0);
    this.#baseTimestamp = offsetAt(batch, 27);
    this.#appended = attributes & LOG_APPEND_TIME ? offsetAt(batch, 35) : undefined;
    this.left = batch.readInt32BE(57);
    this.bytes = plainBytes(batch, attributes);
    if (this.#baseOffset < fromOffset) this.#skipTo(fromOffset);
  }

  record(): LogRecord {
    this.left--;
    const end = this.#varint() + this.#at;
    if (!(end <= this.bytes.length)) throw new SyntaxError("Cannot read a record: it is cut off");
    this.#at++; // attributes, unused so far
    const timestamp = this.#baseTimestamp + this.#varlong();
    const offset = this.#baseOffset + this.#varint();
    const key = this.#bytes(), value = this.#bytes();
    const headerCount = this.#varint();
    const headers = headerCount > 0 ? this.#headers(headerCount) : undefined;
    this.#at = end;
    const record = { key, value, timestamp: this.#appended ?? timestamp, offset };
    return headers ? { ...record, headers } : record;
  }

  #skipTo(offset: number): void {
    while (this.left > 0) {
      const from = this.#at, end = this.#varint() + this.#at;
      this.#at++;
      this.#varlong();
      if (this.#baseOffset + this.#varint() >= offset) {
        this.#at = from;
        return;
      }
      this.#at = end;
      this.left--;
    }
  }

  #headers(count: number): RecordHeaders {
    const headers: RecordHeader[] = [];
    for (let i = 0; i < count; i++) {
      const name = utf8.decode(this.#bytes() ?? undefined);
      headers.push([name, this.#bytes()]);
    }
    return headers;
  }

  #bytes(): Uint8Array | null {
    const length = this.#varint();
    if (length < 0) return null;
    const bytes = this.bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return bytes;
  }

  /** Zig-zag, 7 bits a byte, least significant first; at most 32 bits. */
  #varint(): number {
    let byte = this.bytes[this.#at++]!;
    let value = byte & 0x7f;
    for (let shift = 7; byte & 0x80; shift += 7) {
      byte = this.bytes[this.#at++]!;
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** As a varint, of up to 53 bits: bit operations would cut it at 32. */
  #varlong(): number {
    let byte = this.bytes[this.#at++]!;
    let value = byte & 0x7f;
    for (let scale = 128; byte & 0x80; scale *= 128) {
      byte = this.bytes[this.#at++]!;
      value += (byte & 0x7f) * scale;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
