/**
 * What the headers of record batches say about transactions; the records in them are not looked at.
 *
 * @see The record batch section of Kafka's protocol guide, and KIP-98
 *
 * @module
 */
import type { Buffer } from "node:buffer";
import {
  BATCH_HEADER_BYTES,
  BEFORE_LENGTH_BYTES,
  CONTROL,
  LENGTH_AT,
  MAGIC,
  MAGIC_AT,
  TRANSACTIONAL,
} from "./batch_format.ts";

/** A batch of the log, or the marker that ends a transaction. */
export interface BatchHeader {
  /** Offset of its first record. */
  readonly firstOffset: number;
  /** Inclusive; compaction may have taken the records that stood there. */
  readonly lastOffset: number;
  /** Latest time in it, Unix epoch ms. */
  readonly timestamp: number;
  /** Who wrote it; −1 where a producer without a number did. */
  readonly producerId: bigint;
  /** Whether it belongs to a transaction. */
  readonly isTransactional: boolean;
  /** How a transaction ended here; null for records. */
  readonly marker: "commit" | "abort" | null;
}

/**
 * Reads the headers of the batches that hold an offset from `fromOffset` on; those of unknown formats are left out.
 *
 * @param bytes A record set as a fetch brings it; a cut-off batch at its end is left out.
 */
export function batchHeaders(bytes: Buffer, fromOffset: number): BatchHeader[] {
  const headers: BatchHeader[] = [];
  for (let at = 0; at + BATCH_HEADER_BYTES <= bytes.length;) {
    const end = at + BEFORE_LENGTH_BYTES + bytes.readInt32BE(at + LENGTH_AT);
    if (end > bytes.length || end <= at) break;
    const batch = bytes.subarray(at, end);
    at = end;
    if (batch[MAGIC_AT] !== MAGIC || batch.length < BATCH_HEADER_BYTES) continue;
    const firstOffset = Number(batch.readBigInt64BE(0)), attributes = batch.readInt16BE(21);
    const lastOffset = firstOffset + Math.max(0, batch.readInt32BE(23));
    if (lastOffset < fromOffset) continue;
    headers.push({
      firstOffset,
      lastOffset,
      timestamp: Number(batch.readBigInt64BE(35)),
      producerId: batch.readBigInt64BE(43),
      isTransactional: (attributes & TRANSACTIONAL) !== 0,
      marker: attributes & CONTROL ? markerIn(batch.subarray(BATCH_HEADER_BYTES)) : null,
    });
  }
  return headers;
}

function markerIn(record: Uint8Array): BatchHeader["marker"] {
  let at = 0;
  const skipNumber = () => {
    while ((record[at++] ?? 0) & 0x80);
  };
  skipNumber(); // its length
  at++; // attributes
  for (let i = 0; i < 3; i++) skipNumber(); // time, offset, length of the key
  return markerOf(record.subarray(at));
}

const MARKERS = ["abort", "commit"] as const;

/** The key of a control record is its version and its kind, two bytes each; other kinds are KRaft's own. */
export function markerOf(key: Uint8Array): BatchHeader["marker"] {
  return MARKERS[(key[2] ?? 255) << 8 | (key[3] ?? 255)] ?? null;
}
