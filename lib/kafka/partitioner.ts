/**
 * The partition of a key among so many partitions: murmur2, as the Java client does it.
 *
 * Equal key bytes go to one partition, from any language, as long as the number of partitions stays.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { partitionOf } from "./partitioner.ts";
 * const key = new TextEncoder().encode("vendor-1");
 * assert.equal(partitionOf(key, 2), partitionOf(key, 2));
 * ```
 * @param partitions How many the topic has, at least 1.
 * @see `BuiltInPartitioner.partitionForKey` of the Java client.
 */
export function partitionOf(key: Uint8Array, partitions: number): number {
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
  const rest = length - whole;
  if (rest === 3) h ^= data[whole + 2]! << 16;
  if (rest >= 2) h ^= data[whole + 1]! << 8;
  if (rest >= 1) h = Math.imul(h ^ data[whole]!, m);
  h = Math.imul(h ^ (h >>> 13), m);
  return h ^ (h >>> 15);
}

/**
 * Chooses partitions for one producer: by key, or in turn where there is none.
 *
 * The Java client keeps null keys on one partition per batch ("sticky"); in turn is easier to follow with one's
 * eyes, and spreads a short lesson's records evenly.
 */
export class Partitioner {
  readonly #next = new Map<string, number>();

  /** @param partitions How many the topic has, at least 1. */
  choose(topic: string, key: Uint8Array | null, partitions: number): number {
    if (key !== null) return partitionOf(key, partitions);
    const next = (this.#next.get(topic) ?? 0) % partitions;
    this.#next.set(topic, next + 1);
    return next;
  }
}
