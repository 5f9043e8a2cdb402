import { mostBytesOf, type WireRecord } from "../wire/byte_writer.ts";
import { BATCH_HEADER_BYTES } from "../wire/batch_format.ts";
import { PackedRecords } from "../wire/packed_records.ts";

/** Records for one partition that are written together. */
export interface PartitionBatch {
  /** It has to be there already: nothing is created by writing. */
  readonly topic: string;
  /** Number of the partition, from 0. */
  readonly partition: number;
  /** In the order in which they are to be stored. */
  readonly messages: readonly WireRecord[] | PackedRecords;
}

/** Records that were written together. */
export interface WrittenPart {
  /** How many. */
  readonly length: number;
  /** Offset of the first; −1 where the broker does not say. */
  readonly baseOffset: number;
  /** Epoch ms; −1 unless the topic stamps records itself. */
  readonly logAppendTime: number;
}

/**
 * A batch on its way, in as many parts as its topic makes necessary: one follows when the one before it is written.
 *
 * @see KIP-126
 */
export class PendingBatch {
  /** Name of the topic. */
  readonly topic: string;
  /** Number of the partition, from 0. */
  readonly partition: number;
  /** What was written. */
  readonly written: WrittenPart[] = [];
  readonly #parts: PartitionBatch["messages"][];

  /** @param mostBytes What the topic takes in one batch, as far as is known. */
  constructor({ topic, partition, messages }: PartitionBatch, mostBytes: number | undefined) {
    this.topic = topic;
    this.partition = partition;
    this.#parts = [messages];
    if (mostBytes !== undefined && bytesOf(messages) > mostBytes) this.split(mostBytes);
  }

  /** What is to be written next; undefined when everything is. */
  get next(): PartitionBatch["messages"] | undefined {
    return this.#parts[0];
  }

  /** How many parts are not written yet. */
  get left(): number {
    return this.#parts.length;
  }

  /** The next part is written. */
  done(baseOffset: number, logAppendTime: number): void {
    const { length } = this.#parts.shift()!;
    this.written.push({ length, baseOffset, logAppendTime });
  }

  /** Cuts the next part into smaller ones. False if it is one record, which cannot be cut. */
  split(mostBytes: number | undefined): boolean {
    const part = this.next!;
    if (part.length < 2) return false;
    const records = Array.isArray(part) ? part : (part as PackedRecords).records();
    const parts = mostBytes === undefined ? [] : cut(records, mostBytes);
    const half = Math.ceil(records.length / 2);
    const smaller = parts.length > 1 ? parts : [records.slice(0, half), records.slice(half)];
    this.#parts.splice(0, 1, ...smaller);
    return true;
  }
}

/** What records take as a batch, its header included. */
export function batchBytesOf(messages: PartitionBatch["messages"]): number {
  if (!Array.isArray(messages)) return (messages as PackedRecords).byteLength + BATCH_HEADER_BYTES;
  const packed = new PackedRecords();
  for (const record of messages) packed.add(record);
  return packed.byteLength + BATCH_HEADER_BYTES;
}

/** About what records take in a batch. */
function bytesOf(messages: PartitionBatch["messages"]): number {
  if (!Array.isArray(messages)) return (messages as PackedRecords).byteLength;
  return messages.reduce((sum, record: WireRecord) => sum + mostBytesOf(record), 0);
}

function cut(records: readonly WireRecord[], mostBytes: number): WireRecord[][] {
  const parts: WireRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const size = mostBytesOf(record);
    if (bytes + size > mostBytes) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(record);
    bytes += size;
  }
  return parts;
}
