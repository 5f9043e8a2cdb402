/**
 * Which partition a key belongs to: the same as for Java clients.
 *
 * @module
 */

/**
 * Murmur2 as Kafka uses it; a signed 32-bit number.
 *
 * See: `org.apache.kafka.common.utils.Utils.murmur2`
 */
export function murmur2(data: Uint8Array): number {
  const m = 0x5bd1e995;
  const length = data.length;
  let h = 0x9747b28c ^ length;
  const words = length >> 2;
  for (let i = 0; i < words; i++) {
    const at = i * 4;
    let k = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    k = Math.imul(k, m);
    k ^= k >>> 24;
    h = Math.imul(h, m) ^ Math.imul(k, m);
  }
  const tail = words * 4;
  if (length - tail === 3) h ^= data[tail + 2]! << 16;
  if (length - tail >= 2) h ^= data[tail + 1]! << 8;
  if (length - tail >= 1) h = Math.imul(h ^ data[tail]!, m);
  h ^= h >>> 13;
  h = Math.imul(h, m);
  return h ^ (h >>> 15);
}

/**
 * The partition of a key.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { partitionFor } from "lib/streams/mod.ts";
 * assert.equal(partitionFor(new TextEncoder().encode("1"), 6), 3); // as in Java
 * ```
 * @param partitions How many there are, at least 1
 */
export function partitionFor(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}
