import { Buffer } from "node:buffer";
import type { RecordHeaders } from "../../serde/mod.ts";

/** A record in bytes. */
export interface WireRecord {
  /** null where the record has no key. */
  readonly key: Uint8Array | null;
  /** null is a tombstone. */
  readonly value: Uint8Array | null;
  /** Unix epoch ms; parts of one are cut off. */
  readonly timestamp: number;
  /** In bytes. @default none */
  readonly headers?: RecordHeaders | undefined;
}

const utf8 = new TextEncoder();
const NONE: readonly (readonly [name: Uint8Array, bytes: Uint8Array | null])[] = [];

/** Enough for a record in a batch: a varint takes at most 5 bytes, a time 10. */
export function mostBytesOf({ key, value, headers }: WireRecord): number {
  let bytes = 36 + (key?.length ?? 0) + (value?.length ?? 0);
  if (headers) {
    for (const [name, value] of headers) bytes += 10 + 3 * name.length + (value?.length ?? 0);
  }
  return bytes;
}

/** Writes the parts of Kafka's protocol one after the other. */
export class ByteWriter {
  bytes: Buffer;
  at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  /** Makes room for so many bytes more, where it began with less. */
  grow(size: number): void {
    if (this.at + size <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(2 * this.bytes.length, this.at + size));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
  }

  /** Leaves room to be filled later; gives where it begins. */
  reserve(size: number): number {
    const from = this.at;
    this.at += size;
    return from;
  }

  int16(value: number): void {
    this.at = this.bytes.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  string(text: string | null): void {
    if (text === null) return this.int16(-1);
    const from = this.reserve(2), written = this.bytes.write(text, this.at);
    this.at += written;
    this.bytes.writeInt16BE(written, from);
  }

  /** A record of a batch; its place there and the batch's first time make it smaller. */
  record({ key, value, timestamp, headers }: WireRecord, index: number, since: number): void {
    const pairs = headers?.map(([name, bytes]) => [utf8.encode(name), bytes] as const) ?? NONE;
    const delta = Math.floor(timestamp) - Math.floor(since);
    let size = 1 + sizeOfVarlong(delta) + sizeOfVarint(index) + sizeOfBytes(key) +
      sizeOfBytes(value) + sizeOfVarint(pairs.length);
    for (const [name, bytes] of pairs) size += sizeOfBytes(name) + sizeOfBytes(bytes);
    this.varint(size);
    this.bytes[this.at++] = 0; // attributes
    this.varlong(delta);
    this.varint(index);
    this.nullable(key);
    this.nullable(value);
    this.varint(pairs.length);
    for (const [name, bytes] of pairs) {
      this.nullable(name);
      this.nullable(bytes);
    }
  }

  nullable(bytes: Uint8Array | null): void {
    if (bytes === null) return this.varint(-1);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Zig-zag, 7 bits a byte, least significant first. */
  varint(value: number): void {
    let rest = (value << 1 ^ value >> 31) >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.bytes[this.at++] = rest & 0x7f | 0x80;
    this.bytes[this.at++] = rest;
  }

  /** As a varint, for whole numbers below 2^52, above -2^52. */
  varlong(value: number): void {
    let rest = zigZag(value);
    for (; rest > 0x7f; rest = Math.floor(rest / 128)) this.bytes[this.at++] = rest % 128 | 0x80;
    this.bytes[this.at++] = rest;
  }
}

function sizeOfBytes(bytes: Uint8Array | null): number {
  return bytes === null ? 1 : sizeOfVarint(bytes.length) + bytes.length;
}

function sizeOfVarint(value: number): number {
  return sizeOfUnsigned((value << 1 ^ value >> 31) >>> 0);
}

function sizeOfVarlong(value: number): number {
  return sizeOfUnsigned(zigZag(value));
}

function zigZag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function sizeOfUnsigned(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) size++;
  return size;
}
