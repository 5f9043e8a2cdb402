import type { RecordHeaders } from "../../serde/mod.ts";

/** One record that waits for its turn, already in bytes. */
export interface Waiting {
  readonly topic: string;
  readonly partition: number;
  /** About what it takes on the wire. */
  readonly bytes: number;
}

/** What a record takes on the wire besides key, value and headers, at most. */
const RECORD_OVERHEAD_BYTES = 30;

/** About what a record takes on the wire. */
export function recordBytes(
  key: Uint8Array | null,
  value: Uint8Array | null,
  headers: RecordHeaders = [],
): number {
  let bytes = RECORD_OVERHEAD_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, value] of headers) bytes += 10 + 3 * name.length + (value?.length ?? 0);
  return bytes;
}

/**
 * How many records from the front of a queue go into one request: as many as fit, at least one.
 *
 * @example Three records of 40 bytes in requests of 100
 * ```ts
 * import assert from "node:assert/strict";
 * import { cutBatch } from "./batch.ts";
 * const record = { topic: "demo_1", partition: 0, bytes: 40 };
 * assert.equal(cutBatch([record, record, record], 100), 2);
 * ```
 */
export function cutBatch(queue: readonly Waiting[], batchBytes: number): number {
  let bytes = 0, count = 0;
  for (const record of queue) {
    bytes += record.bytes;
    if (count > 0 && bytes > batchBytes) break;
    count++;
  }
  return count;
}

/** Sorts a batch by topic and partition; the order inside a partition stays. */
export function byPartition<T extends Waiting>(batch: readonly T[]): readonly (readonly T[])[] {
  const topics = new Map<string, T[][]>(), all: T[][] = [];
  for (const record of batch) {
    let partitions = topics.get(record.topic);
    if (!partitions) topics.set(record.topic, partitions = []);
    const part = partitions[record.partition];
    if (part) part.push(record);
    else all.push(partitions[record.partition] = [record]);
  }
  return all;
}
