/**
 * Writes produce requests and the record batches in them, into one buffer a request.
 *
 * kafkajs makes a buffer for each record, copies it four times and counts with big integers; this writes each byte once.
 * The bytes are the same, which `encode_batch_test.ts` holds against kafkajs's own encoder.
 *
 * @see Kafka's protocol guide: Produce version 7, record batch (magic 2); KIP-98
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { crc32c } from "./crc32c.ts";

/** A record in bytes. */
export interface WireRecord {
  /** null where the record has no key. */
  readonly key: Uint8Array | null;
  /** null is a tombstone. */
  readonly value: Uint8Array | null;
  /** Unix epoch ms; parts of one are cut off. */
  readonly timestamp: number;
  /** In bytes. @default none */
  readonly headers?: Readonly<Record<string, Uint8Array>> | undefined;
}

/** Records for one partition of a request. */
export interface WireBatch {
  readonly topic: string;
  readonly partition: number;
  /** The number of its first record in what this producer writes to the partition. */
  readonly firstSequence: number;
  readonly messages: readonly WireRecord[];
}

/** Who writes. */
export interface WireProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly transactionalId?: string | undefined;
}

const BATCH_HEADER_BYTES = 61, MAGIC = 2, TRANSACTIONAL = 16;
const ALL_IN_SYNC = -1, TIMEOUT_MS = 30_000;

/** A produce request of version 7, without the header that every request has. */
export function encodeProduceRequest(
  producer: WireProducer,
  batches: readonly WireBatch[],
): Buffer {
  const byTopic = Map.groupBy(batches, ({ topic }) => topic);
  const writer = new Writer(upperBound(producer, batches));
  writer.string(producer.transactionalId ?? null);
  writer.int16(ALL_IN_SYNC);
  writer.int32(TIMEOUT_MS);
  writer.int32(byTopic.size);
  for (const [topic, parts] of byTopic) {
    writer.string(topic);
    writer.int32(parts.length);
    for (const part of parts) {
      writer.int32(part.partition);
      const sizeAt = writer.reserve(4);
      writeBatch(writer, producer, part);
      writer.bytes.writeInt32BE(writer.at - sizeAt - 4, sizeAt);
    }
  }
  return writer.bytes.subarray(0, writer.at);
}

function writeBatch(writer: Writer, producer: WireProducer, batch: WireBatch): void {
  const { messages } = batch, start = writer.reserve(BATCH_HEADER_BYTES), { bytes } = writer;
  let least = Infinity, most = -Infinity;
  for (const { timestamp } of messages) {
    if (timestamp < least) least = timestamp;
    if (timestamp > most) most = timestamp;
  }
  for (let i = 0; i < messages.length; i++) writer.record(messages[i]!, i, least);
  bytes.fill(0, start, start + 8); // the broker gives the offset
  bytes.writeInt32BE(writer.at - start - 12, start + 8);
  bytes.writeInt32BE(0, start + 12); // leader epoch, the broker's too
  bytes[start + 16] = MAGIC;
  bytes.writeInt16BE(producer.transactionalId === undefined ? 0 : TRANSACTIONAL, start + 21);
  bytes.writeInt32BE(messages.length - 1, start + 23);
  bytes.writeBigInt64BE(BigInt(Math.floor(least)), start + 27);
  bytes.writeBigInt64BE(BigInt(Math.floor(most)), start + 35);
  bytes.writeBigInt64BE(producer.producerId, start + 43);
  bytes.writeInt16BE(producer.producerEpoch, start + 51);
  bytes.writeInt32BE(batch.firstSequence, start + 53);
  bytes.writeInt32BE(messages.length, start + 57);
  bytes.writeUInt32BE(crc32c(bytes, start + 21, writer.at), start + 17);
}

/** Enough for any encoding of these batches: a varint takes at most 5 bytes, a time 10. */
function upperBound(producer: WireProducer, batches: readonly WireBatch[]): number {
  let bytes = 64 + 3 * (producer.transactionalId?.length ?? 0);
  for (const { topic, messages } of batches) {
    bytes += BATCH_HEADER_BYTES + 16 + 3 * topic.length;
    for (const { key, value, headers } of messages) {
      bytes += 36 + (key?.length ?? 0) + (value?.length ?? 0);
      for (const name in headers) bytes += 10 + 3 * name.length + headers[name]!.length;
    }
  }
  return bytes;
}

const utf8 = new TextEncoder();

class Writer {
  readonly bytes: Buffer;
  at = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
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

  record({ key, value, timestamp, headers }: WireRecord, index: number, since: number): void {
    const names = headers ? Object.keys(headers) : [],
      delta = Math.floor(timestamp) - Math.floor(since);
    let size = 1 + sizeOfVarlong(delta) + sizeOfVarint(index) + sizeOfBytes(key) +
      sizeOfBytes(value) + sizeOfVarint(names.length);
    const encoded = names.map((name) => utf8.encode(name));
    for (let i = 0; i < names.length; i++) {
      size += sizeOfBytes(encoded[i]!) + sizeOfBytes(headers![names[i]!]!);
    }
    this.varint(size);
    this.bytes[this.at++] = 0; // attributes
    this.varlong(delta);
    this.varint(index);
    this.nullable(key);
    this.nullable(value);
    this.varint(names.length);
    for (let i = 0; i < names.length; i++) {
      this.nullable(encoded[i]!);
      this.nullable(headers![names[i]!]!);
    }
  }

  nullable(bytes: Uint8Array | null): void {
    if (bytes === null) return this.varint(-1);
    this.varint(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Zig-zag, 7 bits a byte, least significant first. */
  varint(value: number): void {
    let rest = (value << 1 ^ value >> 31) >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.bytes[this.at++] = rest & 0x7f | 0x80;
    this.bytes[this.at++] = rest;
  }

  /** As a varint, for whole numbers from 0 to 2^52. */
  varlong(value: number): void {
    let rest = 2 * value;
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
  return sizeOfUnsigned(2 * value);
}

function sizeOfUnsigned(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) size++;
  return size;
}
