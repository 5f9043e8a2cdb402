/**
 * Names every byte of a segment file of Kafka's log, for people who look into one: the header of each batch, and each
 * record in it.
 *
 * @see The record batch section of Kafka's protocol guide
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  BATCH_HEADER_BYTES,
  BEFORE_LENGTH_BYTES,
  CODEC,
  CONTROL,
  LENGTH_AT,
  MAGIC,
  MAGIC_AT,
} from "./batch_format.ts";
import { markerOf } from "./batch_headers.ts";
import { CODECS } from "./compression.ts";

/** Bytes `[start, end)` of a file, what the format calls them, and what they mean. */
export interface SegmentField {
  /** The format's own name, with the record's place in its batch before it: `record 1 value`. */
  readonly label: string;
  /** Index of its first byte, from 0. */
  readonly start: number;
  /** Index after its last byte. */
  readonly end: number;
  /** What the bytes mean; a marker of a transaction says `commit` or `abort` as its key. */
  readonly value: number | string;
}

/** Fields of a batch's header with their sizes, in their order; `magic` is 2 in every Kafka since 0.11. */
const HEADER = [
  ["base offset", 8],
  ["batch length", 4],
  ["leader epoch", 4],
  ["magic", 1],
  ["crc", 4],
  ["attributes", 2],
  ["last offset delta", 4],
  ["base timestamp", 8],
  ["max timestamp", 8],
  ["producer id", 8],
  ["producer epoch", 2],
  ["base sequence", 4],
  ["record count", 4],
] as const;

/**
 * Every field of a segment file, in order, without a byte between them.
 *
 * Records that are packed are one field: their bytes mean nothing before they are unpacked. A batch that is cut off at
 * the end of the file is one field, too.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { segmentFields } from "./segment_fields.ts";
 * assert.deepEqual(segmentFields(Uint8Array.of(0, 0, 7)), [{ label: "cut off", start: 0, end: 3, value: "3 bytes" }]);
 * ```
 * @param file A segment file, or whole batches of one.
 * @throws {SyntaxError} If a batch is no batch of magic 2, or a record ends elsewhere than it says.
 */
export function segmentFields(file: Uint8Array): readonly SegmentField[] {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length), fields: SegmentField[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + BEFORE_LENGTH_BYTES +
      (at + BEFORE_LENGTH_BYTES <= bytes.length ? bytes.readInt32BE(at + LENGTH_AT) : 0);
    if (end > bytes.length || end - at < BATCH_HEADER_BYTES) {
      const value = `${bytes.length - at} bytes`;
      return [...fields, { label: "cut off", start: at, end: bytes.length, value }];
    }
    fields.push(...batchFields(bytes, at, end));
    at = end;
  }
  return fields;
}

function* batchFields(bytes: Buffer, start: number, end: number): Generator<SegmentField> {
  let at = start;
  for (const [label, size] of HEADER) {
    const number = size === 8
      ? Number(bytes.readBigInt64BE(at))
      : label === "crc"
      ? bytes.readUInt32BE(at)
      : bytes.readIntBE(at, size);
    yield { label, start: at, end: at + size, value: number };
    at += size;
  }
  const magic = bytes[start + MAGIC_AT], attributes = bytes.readInt16BE(start + 21);
  if (magic !== MAGIC) {
    throw new SyntaxError(`Cannot name the bytes of a batch: its magic is ${magic}, not ${MAGIC}`);
  }
  const codec = CODECS[attributes & CODEC] ?? `codec ${attributes & CODEC}`;
  if (codec !== "none") {
    return yield { label: "records", start: at, end, value: `${end - at} bytes of ${codec}` };
  }
  const reader = new FieldReader(bytes, at, end);
  const count = bytes.readInt32BE(start + 57), isControl = (attributes & CONTROL) !== 0;
  for (let i = 0; i < count; i++) yield* reader.record(i, isControl);
  if (reader.at !== end) {
    throw new SyntaxError(
      `Cannot name the bytes of a batch: its records end at ${reader.at}, the batch at ${end}`,
    );
  }
}

class FieldReader {
  at: number;
  readonly #bytes: Buffer;
  readonly #end: number;

  constructor(bytes: Buffer, at: number, end: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#end = end;
  }

  *record(index: number, isControl: boolean): Generator<SegmentField> {
    const name = (part: string) => `record ${index} ${part}`;
    yield this.#number(name("length"));
    const attributes = this.#bytes[this.at]!;
    yield this.#field(name("attributes"), this.at, this.at + 1, attributes);
    yield this.#number(name("timestamp delta"));
    yield this.#number(name("offset delta"));
    yield* this.#bytesField(name("key"), isControl ? marker : text);
    yield* this.#bytesField(name("value"), isControl ? hex : text);
    const headers = this.#number(name("header count"));
    yield headers;
    for (let i = 0; i < Number(headers.value); i++) {
      yield* this.#bytesField(name(`header ${i} name`), text);
      yield* this.#bytesField(name(`header ${i} value`), text);
    }
  }

  /** A length, and as many bytes; -1 stands for none. */
  *#bytesField(label: string, decode: (bytes: Buffer) => string): Generator<SegmentField> {
    const length = this.#number(`${label} length`), size = Number(length.value);
    yield length;
    if (size < 0) return;
    yield this.#field(
      label,
      this.at,
      this.at + size,
      decode(this.#bytes.subarray(this.at, this.at + size)),
    );
  }

  /** Zig-zag: 7 bits a byte, least significant first, and the sign in the lowest bit. */
  #number(label: string): SegmentField {
    let value = 0, scale = 1, at = this.at;
    for (let byte = 0x80; byte & 0x80; scale *= 128) {
      if (at >= this.#end || scale > 2 ** 63) {
        throw new SyntaxError(`Cannot name the bytes of a batch: ${label} has no end`);
      }
      byte = this.#bytes[at++]!;
      value += (byte & 0x7f) * scale;
    }
    return this.#field(label, this.at, at, value % 2 === 0 ? value / 2 : -(value + 1) / 2);
  }

  #field(label: string, start: number, end: number, value: number | string): SegmentField {
    if (end > this.#end) {
      throw new SyntaxError(`Cannot name the bytes of a batch: ${label} is cut off`);
    }
    this.at = end;
    return { label, start, end, value };
  }
}

function marker(key: Buffer): string {
  return markerOf(key) ?? hex(key);
}

function text(bytes: Buffer): string {
  return bytes.toString("utf8");
}

function hex(bytes: Buffer): string {
  return bytes.toString("hex");
}
