/**
 * The partition of a key among so many partitions: murmur2, as the Java client does it.
 *
 * Equal key bytes go to one partition, from any language, as long as the number of partitions stays.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { partitionForKey } from "./partition_for_key.ts";
 * assert.equal(partitionForKey(new TextEncoder().encode("1"), 6), 3); // as in Java
 * ```
 * @param partitions How many the topic has, at least 1.
 * @see `BuiltInPartitioner.partitionForKey` of the Java client.
 */
export function partitionForKey(key: Uint8Array, partitions: number): number {
  return (murmur2(key) & 0x7fffffff) % partitions;
}

/**
 * 32-bit murmur2 with Kafka's seed; signed, as in Java.
 *
 * @see `Utils.murmur2` of the Java client.
 */
export function murmur2(data: Uint8Array): number {
  const m = 0x5bd1e995, length = data.length, whole = length & ~3;
  let h = 0x9747b28c ^ length;
  for (let i = 0; i < whole; i += 4) {
    let k = data[i]! | data[i + 1]! << 8 | data[i + 2]! << 16 | data[i + 3]! << 24;
    k = Math.imul(k, m);
    k = Math.imul(k ^ (k >>> 24), m);
    h = Math.imul(h, m) ^ k;
  }
  const tail = length - whole;
  if (tail === 3) h ^= data[whole + 2]! << 16;
  if (tail >= 2) h ^= data[whole + 1]! << 8;
  if (tail >= 1) h = Math.imul(h ^ data[whole]!, m);
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}
