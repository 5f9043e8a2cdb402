/**
 * A record on its way through the nodes of a task.
 *
 * @module
 */
import { EncodedValue } from "../state/encoded_value.ts";
import type { Bytes, RecordHeaders } from "../../serde/mod.ts";

/** Headers as they came: pairs in their order, names may come again. */
export type Headers = RecordHeaders;

/** Where a record was read, and its bytes there. */
export interface Origin {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly headers: Headers | undefined;
  readonly key: Bytes;
  readonly value: Bytes;
}

/** Of a record that was not read anywhere: one that a timer emits, or a row that was looked up. */
export const NOWHERE: Origin = {
  topic: "",
  partition: -1,
  offset: -1,
  headers: undefined,
  key: null,
  value: null,
};

/** What user functions see besides the value. Keys are decoded when they are looked at. */
export interface StreamRecord<K, V> {
  /** Decoded by the topic's serde, or what an operator before made of it. */
  readonly key: K;
  /** Decoded by the topic's serde, or what an operator before made of it. */
  readonly value: V;
  /** Event time, epoch milliseconds. */
  readonly timestamp: number;
  /** Undefined where the record has none. */
  readonly headers: Headers | undefined;
  /** Where the record that led to this one was read; "" for a table's row that was looked up, or a timer. */
  readonly topic: string;
  /** Its partition there, from 0; -1 for a table's row that was looked up. */
  readonly partition: number;
  /** Its offset there, from 0; -1 for a table's row that was looked up, or a timer. */
  readonly offset: number;
}

/** A record in flight. On the way of a table it also carries the value that it replaces. */
// deno-lint-ignore no-explicit-any
export class FlowRecord<K = any, V = any> implements StreamRecord<K, V> {
  constructor(
    readonly encodedKey: EncodedValue<K>,
    readonly encodedValue: EncodedValue<V>,
    readonly timestamp: number,
    readonly origin: Origin,
    /** A table's value before this change. */
    readonly encodedOld: EncodedValue<V> = EncodedValue.null,
    /** False for a versioned table's change that is older than what the table holds. */
    readonly isLatest: boolean = true,
  ) {}

  /** A record whose bytes could not be decoded. */
  static undecoded(origin: Origin, timestamp: number): FlowRecord {
    return new FlowRecord(EncodedValue.null, EncodedValue.null, timestamp, origin);
  }

  get key(): K {
    return this.encodedKey.value as K;
  }
  get value(): V {
    return this.encodedValue.value as V;
  }
  get headers(): Headers | undefined {
    return this.origin.headers;
  }
  get topic(): string {
    return this.origin.topic;
  }
  get partition(): number {
    return this.origin.partition;
  }
  get offset(): number {
    return this.origin.offset;
  }

  /** The same record with another value; what was its old value is gone. */
  withValue<W>(value: EncodedValue<W>): FlowRecord<K, W> {
    return new FlowRecord(this.encodedKey, value, this.timestamp, this.origin);
  }

  /** The same record with another key. */
  withKey<L>(key: EncodedValue<L>): FlowRecord<L, V> {
    return new FlowRecord(key, this.encodedValue, this.timestamp, this.origin);
  }

  /** A table's change: new value, old value, and the time of the result. */
  withChange<W>(
    value: EncodedValue<W>,
    old: EncodedValue<W>,
    timestamp = this.timestamp,
  ): FlowRecord<K, W> {
    return new FlowRecord(this.encodedKey, value, timestamp, this.origin, old, this.isLatest);
  }
}
