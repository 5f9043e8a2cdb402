/** Streams: another value, another key, or both; one record or several. */
import { EncodedValue } from "../state/encoded_value.ts";
import { promiseError } from "../state/function_results.ts";
import { FlowRecord, type StreamRecord } from "./flow_record.ts";
import { type Operator, operator } from "./operator.ts";

/** Makes something of a value; the record tells key, time and origin. */
export type Mapper<K, V, R> = (value: V, record: StreamRecord<K, V>) => R;

/** A key and a value. */
export interface KeyValue<K, V> {
  /** Decides the partition where records are written or grouped next. */
  readonly key: K;
  /** What the record carries. */
  readonly value: V;
}

/** One record, another value; the key stays, so nothing has to move. */
export function mapValues<K, V, W>(mapper: Mapper<K, V, W>): () => Operator {
  return operator((context) => (record) =>
    context.forward(record.withValue(EncodedValue.of(mapper(record.value, record))))
  );
}

/** One record for each element. */
export function flatMapValues<K, V, W>(mapper: Mapper<K, V, Iterable<W>>): () => Operator {
  return operator((context) => (record) => {
    let emitted = 0;
    for (const value of several(mapper(record.value, record))) {
      emitted++;
      context.forward(record.withValue(EncodedValue.of(value)));
    }
    if (emitted === 0) context.drop("empty", record);
  });
}

/** One record, another key; the value is not looked at unless the mapper does. */
export function selectKey<K, V, L>(mapper: Mapper<K, V, L>): () => Operator {
  return operator((context) => (record) =>
    context.forward(record.withKey(EncodedValue.of(mapper(record.value, record))))
  );
}

/** One record, another key and value. */
export function map<K, V, L, W>(mapper: Mapper<K, V, KeyValue<L, W>>): () => Operator {
  return operator((context) => (record) =>
    context.forward(pair(record, mapper(record.value, record)))
  );
}

/** One record for each pair. */
export function flatMap<K, V, L, W>(
  mapper: Mapper<K, V, Iterable<KeyValue<L, W>>>,
): () => Operator {
  return operator((context) => (record) => {
    let emitted = 0;
    for (const one of several(mapper(record.value, record))) {
      emitted++;
      context.forward(pair(record, one));
    }
    if (emitted === 0) context.drop("empty", record);
  });
}

function several<T>(made: Iterable<T>): Iterable<T> {
  if (made instanceof Promise) throw promiseError(made);
  // Text can be gone through, letter by letter: that is hardly meant.
  if (typeof made === "object" && made !== null && Symbol.iterator in made) return made;
  throw new TypeError(
    `Cannot make records of ${
      kindOf(made)
    }: the function must give back a list (return […], [] for none)`,
  );
}

function pair<K, V>(record: FlowRecord, made: KeyValue<K, V>): FlowRecord<K, V> {
  if (made instanceof Promise) throw promiseError(made);
  if (typeof made !== "object" || made === null || !("key" in made || "value" in made)) {
    throw new TypeError(
      `Cannot make a record of ${kindOf(made)}: the function must give back a key and a value ` +
        "(return { key, value })",
    );
  }
  const { key, value } = made;
  return new FlowRecord(
    EncodedValue.of(key),
    EncodedValue.of(value),
    record.timestamp,
    record.origin,
  );
}

function kindOf(made: unknown): string {
  if (made === undefined || made === null) return `${made}`;
  if (Array.isArray(made)) return "an array";
  return typeof made === "object" ? "an object" : `a ${typeof made}`;
}
