/**
 * What goes into a task and what comes out.
 *
 * @module
 */
import type { Headers } from "../operators/flow_record.ts";
import type { Bytes } from "../topology/serde.ts";

/** A record as it was read from a topic. */
export interface RawRecord {
  readonly key: Bytes;
  readonly value: Bytes;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly offset: number;
  readonly headers?: Headers | undefined;
}

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

/** Time, given from outside. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}
