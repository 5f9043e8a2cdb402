/**
 * What goes into a task and what comes out.
 *
 * @module
 */
import type { Headers } from "../operators/flow_record.ts";
import type { Bytes } from "../../serde/mod.ts";

/** A record as it was read from a topic. */
export interface RawRecord {
  /** null where the record has no key. */
  readonly key: Bytes;
  /** null is a tombstone. */
  readonly value: Bytes;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** Its place in the partition, from 0. */
  readonly offset: number;
  /** Undefined where it has none. */
  readonly headers?: Headers | undefined;
  /** Left out where it can be read. Otherwise it stands for all records up to `nextOffset`. */
  readonly unreadable?: { readonly error: Error; readonly nextOffset: number };
}

/** Records in offset order, each made when it is taken: those that wait stay what they came in. */
export interface RecordRun {
  /** How many are left. */
  readonly size: number;
  /** The next one. */
  take(): RawRecord;
}

/** A source of wall-clock time. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export type { OutputRecord } from "../operators/output_record.ts";
