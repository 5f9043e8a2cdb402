/**
 * What a task gives to the world.
 *
 * @module
 */
import type { Bytes } from "../../serde/mod.ts";
import type { Headers } from "./flow_record.ts";

/** A record to be written. */
export interface OutputRecord {
  /** Full name, with the application's prefix where the topic is its own. */
  readonly topic: string;
  /** null where the record has no key. */
  readonly key: Bytes;
  /** null is a tombstone. */
  readonly value: Bytes;
  /** Event time, Unix epoch ms. */
  readonly timestamp: number;
  /** Undefined where it has none. */
  readonly headers?: Headers | undefined;
  /** Where it must go; else the partition follows from `partitionKey`, or from `key`. */
  readonly partition?: number;
  /** Bytes that decide the partition when they are not the key: windowed keys go by their bare key. */
  readonly partitionKey?: Bytes;
}
