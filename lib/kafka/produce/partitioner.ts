import { partitionForKey } from "../../serde/mod.ts";

/** What is known of a record when its partition is chosen. */
export interface PartitionChoice {
  /** Where it is to be written. */
  readonly topic: string;
  /** In bytes; null where it has none. */
  readonly key: Uint8Array | null;
  /** In bytes; null is a tombstone. */
  readonly value: Uint8Array | null;
  /** How many the topic has, at least 1. */
  readonly partitions: number;
}

/** Chooses a partition, from 0. */
export type ChoosePartition = (record: PartitionChoice) => number;

/**
 * Makes the choice of one producer: by key, or in turn where there is none.
 *
 * The Java client keeps null keys on one partition per batch ("sticky"); in turn is easier to follow with one's
 * eyes, and spreads a short lesson's records evenly.
 */
export function inTurn(): ChoosePartition {
  const turns = new Map<string, number>();
  return ({ topic, key, partitions }) => {
    if (key !== null) return partitionForKey(key, partitions);
    const next = (turns.get(topic) ?? 0) % partitions;
    turns.set(topic, next + 1);
    return next;
  };
}
