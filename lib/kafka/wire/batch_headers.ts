/**
 * What the headers of record batches say about transactions; the records in them are not looked at.
 *
 * @see The record batch section of Kafka's protocol guide, and KIP-98
 *
 * @module
 */
import type { Buffer } from "node:buffer";

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

const HEADER_BYTES = 61, MAGIC_AT = 16, MAGIC = 2, BEFORE_LENGTH_BYTES = 12;
const TRANSACTIONAL = 0x10, CONTROL = 0x20;
const MARKERS = ["abort", "commit"] as const;

/**
 * Reads the headers of the batches that hold an offset from `fromOffset` on; those of unknown formats are left out.
 *
 * @param bytes A record set as a fetch brings it; a cut-off batch at its end is left out.
 */
export function batchHeaders(bytes: Buffer, fromOffset: number): BatchHeader[] {
  const headers: BatchHeader[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const end = at + BEFORE_LENGTH_BYTES + bytes.readInt32BE(at + 8);
    if (end > bytes.length || end <= at) break;
    const batch = bytes.subarray(at, end);
    at = end;
    if (batch[MAGIC_AT] !== MAGIC || batch.length < HEADER_BYTES) continue;
    const firstOffset = Number(batch.readBigInt64BE(0)), attributes = batch.readInt16BE(21);
    const lastOffset = firstOffset + Math.max(0, batch.readInt32BE(23));
    if (lastOffset < fromOffset) continue;
    headers.push({
      firstOffset,
      lastOffset,
      timestamp: Number(batch.readBigInt64BE(35)),
      producerId: batch.readBigInt64BE(43),
      isTransactional: (attributes & TRANSACTIONAL) !== 0,
      marker: attributes & CONTROL ? markerIn(batch.subarray(HEADER_BYTES)) : null,
    });
  }
  return headers;
}

/** The key of a control record is its version and its kind, two bytes each; other kinds are KRaft's own. */
function markerIn(record: Uint8Array): BatchHeader["marker"] {
  let at = 0;
  const skipNumber = () => {
    while ((record[at++] ?? 0) & 0x80);
  };
  skipNumber(); // its length
  at++; // attributes
  for (let i = 0; i < 3; i++) skipNumber(); // time, offset, length of the key
  return MARKERS[(record[at + 2] ?? 255) << 8 | (record[at + 3] ?? 255)] ?? null;
}
