import { partitionForKey } from "../../serde/mod.ts";

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
    if (key !== null) return partitionForKey(key, partitions);
    const next = (this.#next.get(topic) ?? 0) % partitions;
    this.#next.set(topic, next + 1);
    return next;
  }
}
