/**
 * A task's stream times on their way through a committed offset, which has room for 4 KB of text.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** What brokers take: their `offset.metadata.max.bytes`, as it comes. */
const MAX_BYTES = 4096;
const PACKED = "deflate:";
/** What fits packed into `MAX_BYTES` and is ours is far below this; what is not may be a thousand times its size. */
const MAX_UNPACKED_BYTES = 1 << 20;

/**
 * The text as it fits beside an offset: packed where it is long. Of a task with some hundreds of operators with a
 * time of their own not even that fits; then only its incarnation is kept, and after a restart stream times begin again.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { fitMetadata, readMetadata } from "./offset_metadata.ts";
 * const long = JSON.stringify({ numbers: { time: 1 }, partitions: { ["a".repeat(5_000)]: 2 } });
 * assert.ok(fitMetadata(long).length < 200);
 * assert.equal(readMetadata(fitMetadata(long)), long);
 * ```
 */
export function fitMetadata(text: string): string {
  if (Buffer.byteLength(text) <= MAX_BYTES) return text;
  const packed = PACKED + deflateRawSync(text).toString("base64");
  if (packed.length <= MAX_BYTES) return packed;
  const { incarnation } = JSON.parse(text) as { readonly incarnation?: string };
  return JSON.stringify({ incarnation });
}

/** The text that {@link fitMetadata} was given, as far as it was kept; what is not packed stays as it is. */
export function readMetadata(text: string): string {
  if (!text.startsWith(PACKED)) return text;
  try {
    const packed = Buffer.from(text.slice(PACKED.length), "base64");
    return inflateRawSync(packed, { maxOutputLength: MAX_UNPACKED_BYTES }).toString();
  } catch {
    return ""; // Somebody else's.
  }
}
