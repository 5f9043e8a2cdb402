/**
 * What a task gives to the world.
 *
 * @module
 */
import type { Bytes } from "../topology/serde.ts";
import type { Headers } from "./flow_record.ts";

/** A record to be written. */
export interface OutputRecord {
  readonly topic: string;
  readonly key: Bytes;
  readonly value: Bytes;
  readonly timestamp: number;
  readonly headers?: Headers | undefined;
  /** Where it must go; else the partition follows from `partitionKey`, or from `key`. */
  readonly partition?: number;
  /** Bytes that decide the partition when they are not the key: windowed keys go by their bare key. */
  readonly partitionKey?: Bytes;
}
