/**
 * Reads record batches as they stand in Kafka's log: magic 2, a record when it is asked for, and no promise for it.
 *
 * @see The record batch section of Kafka's protocol guide (KIP-98 added transactions and control batches).
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import type { RecordHeader, RecordHeaders } from "../../serde/mod.ts";
import {
  BATCH_HEADER_BYTES,
  BEFORE_LENGTH_BYTES,
  CODEC,
  CONTROL,
  LENGTH_AT,
  LOG_APPEND_TIME,
  MAGIC,
  MAGIC_AT,
  TRANSACTIONAL,
} from "./batch_format.ts";
import { CODECS, unpack } from "./compression.ts";
import { crc32c } from "./crc32c.ts";

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
  /** Left out where it can be read. Otherwise it has no key, and what cannot be read is its value. */
  readonly unreadable?: Unreadable;
}

/** Why records cannot be read, be it one or a whole batch. */
export interface Unreadable {
  /** What is wrong with the bytes. */
  readonly error: SyntaxError;
  /** Where reading goes on: after the last record that is lost. */
  readonly nextOffset: number;
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
const CRC_AT = 17, AFTER_CRC = 21;

/**
 * Opens the batches of one partition; a cut-off batch at the end is left for the next fetch.
 *
 * What cannot be read costs only itself: it comes as one record that says why, and what stands beside it is read.
 * Nothing is unpacked before its records are taken.
 *
 * @param bytes The answer's record set.
 * @param fromOffset Records before it (a batch may begin earlier) are left out.
 * @param aborted Given for read-committed reading: records of these transactions are left out.
 * @throws {SyntaxError} If a batch does not say where the next one begins.
 */
export function openRecordSet(
  bytes: Buffer,
  fromOffset: number,
  aborted: readonly AbortedTransaction[] = [],
): RecordSet {
  const batches: BatchReader[] = [];
  const waiting = [...aborted].sort((a, b) => a.firstOffset - b.firstOffset);
  const givenUp = new Set<bigint>();
  let at = 0, nextOffset = fromOffset, nextAborted = 0;
  while (at + AFTER_CRC <= bytes.length) {
    const end = at + BEFORE_LENGTH_BYTES + bytes.readInt32BE(at + LENGTH_AT);
    const isKnown = bytes[at + MAGIC_AT] === MAGIC;
    if (end < at + (isKnown ? BATCH_HEADER_BYTES : AFTER_CRC)) {
      throw new SyntaxError(
        `Cannot read a record batch of ${end - at} bytes: it is shorter than its header`,
      );
    }
    if (end > bytes.length) break;
    const batch = bytes.subarray(at, end);
    const span = isKnown ? Math.max(0, batch.readInt32BE(23)) : 0;
    const lastOffset = offsetAt(batch, 0) + span;
    at = end;
    if (lastOffset < fromOffset) continue;
    nextOffset = lastOffset + 1;
    if (!isKnown) {
      batches.push(new BatchReader(batch, { fromOffset, lastOffset }));
      continue;
    }
    const attributes = batch.readInt16BE(21), producerId = batch.readBigInt64BE(43);
    for (; (waiting[nextAborted]?.firstOffset ?? Infinity) <= lastOffset; nextAborted++) {
      givenUp.add(waiting[nextAborted]!.producerId);
    }
    if (attributes & CONTROL) givenUp.delete(producerId);
    else if (!(attributes & TRANSACTIONAL && givenUp.has(producerId))) {
      const reader = new BatchReader(batch, { fromOffset, lastOffset });
      if (reader.left > 0) batches.push(reader);
    }
  }
  return { unread: new UnreadRecords(batches), nextOffset };
}

/** Records still in the bytes of a fetch answer: each is decoded when it is taken, so nobody waits for those behind. */
export class UnreadRecords {
  readonly #batches: BatchReader[];
  /** How many there are left to take. */
  size: number = 0;
  /** About how many bytes all of them took in the answer, the taken ones too. */
  readonly bytes: number;

  /** @internal */
  constructor(batches: BatchReader[]) {
    let bytes = 0;
    for (const batch of batches) {
      this.size += batch.left;
      bytes += batch.packedBytes;
    }
    this.bytes = bytes;
    this.#batches = batches.reverse();
  }

  /** The next record. @throws {RangeError} If none is left */
  take(): LogRecord {
    if (this.size === 0) throw new RangeError("Cannot take a record: all of them are taken");
    while (this.#batches.at(-1)!.left === 0) this.#batches.pop();
    const batch = this.#batches.at(-1)!, before = batch.left;
    const record = batch.record();
    this.size -= before - batch.left; // One that cannot be read may stand for all behind it.
    return record;
  }

  /** Takes all that are left. */
  takeAll(): LogRecord[] {
    const records: LogRecord[] = [];
    while (this.size > 0) records.push(this.take());
    return records;
  }
}

/** The records of a batch, checked and unpacked; a plain view, whose parts are cheaper to make than a Buffer's. */
function plainBytes(batch: Buffer, attributes: number): Uint8Array {
  if (batch[MAGIC_AT] !== MAGIC) {
    throw new SyntaxError(`its format is ${batch[MAGIC_AT]}, and only 2 is known`);
  }
  if (batch.readUInt32BE(CRC_AT) !== crc32c(batch, AFTER_CRC)) {
    throw new SyntaxError("its checksum is wrong: its bytes are not those that were written");
  }
  const codec = CODECS[attributes & CODEC];
  if (codec === undefined) {
    throw new SyntaxError(`its codec is ${attributes & CODEC}, which nobody has defined`);
  }
  const bytes = unpack(batch.subarray(BATCH_HEADER_BYTES), codec);
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** A 64-bit number as Kafka uses them: far below 2^53. */
function offsetAt(bytes: Buffer, at: number): number {
  return bytes.readInt32BE(at) * 2 ** 32 + bytes.readUInt32BE(at + 4);
}

/** Bytes of the smallest record: seven numbers of one byte. */
const LEAST_RECORD_BYTES = 7;

/** Where the records of a batch stand. */
interface Span {
  /** Records before it are left out. */
  readonly fromOffset: number;
  readonly lastOffset: number;
}

/** Reads the records of one batch, one after the other. */
class BatchReader {
  readonly packedBytes: number;
  /** Records that were not read yet. */
  left: number;
  readonly #batch: Buffer;
  readonly #baseOffset: number;
  readonly #span: Span;
  readonly #baseTimestamp: number;
  /** The time of all records, where the broker stamps them. */
  readonly #appended: number | undefined;
  /** The least that the next record's offset may be. */
  #nextOffset: number;
  /** Undefined until the first record is taken. */
  #bytes: Uint8Array | undefined;
  #at = 0;

  constructor(batch: Buffer, span: Span) {
    const isKnown = batch[MAGIC_AT] === MAGIC;
    this.#batch = batch;
    this.#span = span;
    this.packedBytes = batch.length;
    this.#baseOffset = offsetAt(batch, 0);
    this.#nextOffset = Math.max(this.#baseOffset, span.fromOffset);
    this.#baseTimestamp = isKnown ? offsetAt(batch, 27) : 0;
    const stamped = isKnown && batch.readInt16BE(21) & LOG_APPEND_TIME;
    this.#appended = stamped ? offsetAt(batch, 35) : undefined;
    const claimed = isKnown ? batch.readInt32BE(57) : 1;
    // What is wrong comes with the one record that stands for all.
    this.left = claimed < 0 || claimed > span.lastOffset - this.#baseOffset + 1 ? 1 : claimed;
    if (this.#baseOffset < span.fromOffset) this.#skip();
  }

  record(): LogRecord {
    try {
      this.#bytes ??= this.#open();
      return this.#read();
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      return this.#unreadable(error);
    }
  }

  #open(): Uint8Array {
    const batch = this.#batch;
    const bytes = plainBytes(batch, batch.length < BATCH_HEADER_BYTES ? 0 : batch.readInt16BE(21));
    const claimed = batch.readInt32BE(57), { lastOffset } = this.#span;
    if (
      claimed < 0 || claimed * LEAST_RECORD_BYTES > bytes.length ||
      claimed > lastOffset - this.#baseOffset + 1
    ) {
      throw new SyntaxError(`it claims ${claimed} records in ${bytes.length} bytes`);
    }
    return bytes;
  }

  /** @throws {SyntaxError} If the bytes are no record; the next one is not looked for. */
  #read(): LogRecord {
    const end = this.#varint() + this.#at;
    if (end > this.#bytes!.length || end < this.#at) throw new SyntaxError("a record is cut off");
    this.#at++; // attributes, unused so far
    const timestamp = this.#baseTimestamp + this.#varlong();
    const offset = this.#baseOffset + this.#varint();
    if (offset < this.#nextOffset || offset > this.#span.lastOffset) {
      throw new SyntaxError(`a record says that its offset is ${offset}`);
    }
    const key = this.#field(end), value = this.#field(end);
    const headerCount = this.#varint();
    const headers = headerCount > 0 ? this.#headers(headerCount, end) : undefined;
    if (this.#at > end) throw new SyntaxError("a record is longer than it says");
    this.#at = end;
    this.left--;
    this.#nextOffset = offset + 1;
    const record = { key, value, timestamp: this.#appended ?? timestamp, offset };
    return headers ? { ...record, headers } : record;
  }

  /** Stands for all that are left: where the next one begins is not known. */
  #unreadable(cause: SyntaxError): LogRecord {
    const offset = this.#nextOffset, { lastOffset } = this.#span;
    const which = offset === lastOffset ? "" : `, with all up to offset ${lastOffset}`;
    const why = cause.message.replace(/^Cannot /, "cannot ");
    const error = new SyntaxError(`the record batch cannot be read${which}: ${why}`, {
      cause,
    });
    this.left = 0;
    this.#bytes = undefined;
    return {
      key: null,
      value: this.#batch,
      timestamp: Math.max(0, this.#appended ?? this.#baseTimestamp),
      offset,
      unreadable: { error, nextOffset: lastOffset + 1 },
    };
  }

  /** Leaves out what stands before the offset that was asked for. */
  #skip(): void {
    try {
      this.#bytes = this.#open();
      while (this.left > 0) {
        const from = this.#at, end = this.#varint() + this.#at;
        if (end > this.#bytes.length || end < this.#at) {
          this.#at = from; // Told when it is taken.
          return;
        }
        this.#at++;
        this.#varlong();
        const isBefore = this.#baseOffset + this.#varint() < this.#span.fromOffset;
        this.#at = isBefore ? end : from;
        if (!isBefore) return;
        this.left--;
      }
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#bytes = undefined;
      this.#at = 0;
      this.left = 1;
    }
  }

  #headers(count: number, end: number): RecordHeaders {
    if (count * 2 > end - this.#at) throw new SyntaxError(`a record claims ${count} headers`);
    const headers: RecordHeader[] = [];
    for (let i = 0; i < count; i++) {
      const name = utf8.decode(this.#field(end) ?? undefined);
      headers.push([name, this.#field(end)]);
    }
    return headers;
  }

  #field(end: number): Uint8Array | null {
    const length = this.#varint();
    if (length < 0) return null;
    const from = this.#at;
    this.#at += length;
    if (this.#at > end) throw new SyntaxError("a record is longer than it says");
    // `subarray` looks for a subclass first, which takes three times as long.
    const bytes = this.#bytes!;
    return new Uint8Array(bytes.buffer, bytes.byteOffset + from, length);
  }

  /** Zig-zag, 7 bits a byte, least significant first; at most 32 bits. */
  #varint(): number {
    const bytes = this.#bytes!;
    let byte = bytes[this.#at++]!;
    let value = byte & 0x7f;
    for (let shift = 7; byte & 0x80; shift += 7) {
      if (shift > 28) throw new SyntaxError("a number is too long");
      byte = bytes[this.#at++]!;
      value |= (byte & 0x7f) << shift;
    }
    return (value >>> 1) ^ -(value & 1);
  }

  /** As a varint, of up to 53 bits: bit operations would cut it at 32. */
  #varlong(): number {
    const bytes = this.#bytes!;
    let byte = bytes[this.#at++]!;
    let value = byte & 0x7f;
    for (let scale = 128; byte & 0x80; scale *= 128) {
      if (scale > 2 ** 63) throw new SyntaxError("a number is too long");
      byte = bytes[this.#at++]!;
      value += (byte & 0x7f) * scale;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }
}
