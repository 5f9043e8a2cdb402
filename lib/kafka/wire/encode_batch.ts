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
import type { Buffer } from "node:buffer";
import { BATCH_HEADER_BYTES, MAGIC, TRANSACTIONAL } from "./batch_format.ts";
import { ByteWriter, mostBytesOf, type WireRecord } from "./byte_writer.ts";
import { CODECS, type Compression, pack } from "./compression.ts";
import { crc32c } from "./crc32c.ts";
import { PackedRecords } from "./packed_records.ts";

/** Records for one partition of a request. */
export interface WireBatch {
  readonly topic: string;
  readonly partition: number;
  /** The number of its first record in what this producer writes to the partition. */
  readonly firstSequence: number;
  readonly messages: readonly WireRecord[] | PackedRecords;
}

/** Who writes. */
export interface WireProducer {
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly transactionalId?: string | undefined;
}

/** How many brokers must have a batch before it counts as written: none, its leader, or all that are in sync. */
export type Acks = 0 | 1 | "all";

const ALL_IN_SYNC = -1, TIMEOUT_MS = 30_000;

interface EncodeOptions {
  readonly roomBytes?: number;
  readonly writer?: ByteWriter;
  readonly acks?: Acks;
  readonly compression?: Compression;
}

/**
 * A produce request of versions 3 to 8, without the header that every request has.
 *
 * @param options.roomBytes Left free in front of it, for that header. Default 0
 * @param options.writer Written to from its beginning: the request is valid until that happens again. Default a new one
 * @param options.acks Default "all"
 * @param options.compression A batch that it does not make smaller is written as it is. Default "none"
 */
export function encodeProduceRequest(
  producer: WireProducer,
  batches: readonly WireBatch[],
  {
    roomBytes = 0,
    writer = new ByteWriter(0),
    acks = "all",
    compression = "none",
  }: EncodeOptions = {},
): Buffer {
  const byTopic = Map.groupBy(batches, ({ topic }) => topic);
  writer.at = 0;
  writer.grow(roomBytes + upperBound(producer, batches));
  writer.reserve(roomBytes);
  writer.string(producer.transactionalId ?? null);
  writer.int16(acks === "all" ? ALL_IN_SYNC : acks);
  writer.int32(TIMEOUT_MS);
  writer.int32(byTopic.size);
  for (const [topic, parts] of byTopic) {
    writer.string(topic);
    writer.int32(parts.length);
    for (const part of parts) {
      writer.int32(part.partition);
      const sizeAt = writer.reserve(4);
      writeBatch(writer, producer, part, compression);
      writer.bytes.writeInt32BE(writer.at - sizeAt - 4, sizeAt);
    }
  }
  return writer.bytes.subarray(0, writer.at);
}

function writeBatch(
  writer: ByteWriter,
  producer: WireProducer,
  batch: WireBatch,
  compression: Compression,
): void {
  const { messages } = batch, start = writer.reserve(BATCH_HEADER_BYTES), { bytes } = writer;
  const [first, most] = messages instanceof PackedRecords
    ? copyPacked(writer, messages)
    : writeRecords(writer, messages);
  const codec = packRecords(writer, start + BATCH_HEADER_BYTES, compression);
  bytes.fill(0, start, start + 8); // the broker gives the offset
  bytes.writeInt32BE(writer.at - start - 12, start + 8);
  bytes.writeInt32BE(0, start + 12); // leader epoch, the broker's too
  bytes[start + 16] = MAGIC;
  const transactional = producer.transactionalId === undefined ? 0 : TRANSACTIONAL;
  bytes.writeInt16BE(codec | transactional, start + 21);
  bytes.writeInt32BE(messages.length - 1, start + 23);
  bytes.writeBigInt64BE(BigInt(Math.floor(first)), start + 27);
  bytes.writeBigInt64BE(BigInt(Math.floor(most)), start + 35);
  bytes.writeBigInt64BE(producer.producerId, start + 43);
  bytes.writeInt16BE(producer.producerEpoch, start + 51);
  bytes.writeInt32BE(batch.firstSequence, start + 53);
  bytes.writeInt32BE(messages.length, start + 57);
  bytes.writeUInt32BE(crc32c(bytes, start + 21, writer.at), start + 17);
}

/** Packs what was written from there on, if that makes it smaller; gives Kafka's number for how. */
function packRecords(writer: ByteWriter, from: number, compression: Compression): number {
  if (compression === "none") return 0;
  const packed = pack(writer.bytes.subarray(from, writer.at), compression);
  if (packed.length >= writer.at - from) return 0;
  writer.at = from;
  writer.raw(packed);
  return CODECS.indexOf(compression);
}

type Times = readonly [first: number, most: number];

function copyPacked(writer: ByteWriter, packed: PackedRecords): Times {
  writer.raw(packed.bytes);
  return [packed.firstTimestamp, packed.mostTimestamp];
}

/** As kafkajs does: counted from the earliest time, where Java counts from the first record's. */
function writeRecords(writer: ByteWriter, messages: readonly WireRecord[]): Times {
  let least = Infinity, most = -Infinity;
  for (const { timestamp } of messages) {
    if (timestamp < least) least = timestamp;
    if (timestamp > most) most = timestamp;
  }
  for (let i = 0; i < messages.length; i++) writer.record(messages[i]!, i, least);
  return [least, most];
}

/** Enough for any encoding of these batches. */
function upperBound(producer: WireProducer, batches: readonly WireBatch[]): number {
  let bytes = 64 + 3 * (producer.transactionalId?.length ?? 0);
  for (const { topic, messages } of batches) {
    bytes += BATCH_HEADER_BYTES + 16 + 3 * topic.length;
    if (messages instanceof PackedRecords) bytes += messages.byteLength;
    else for (const record of messages) bytes += mostBytesOf(record);
  }
  return bytes;
}
