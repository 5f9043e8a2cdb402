/** Streams: keep or drop. */
import { promiseError } from "../state/function_results.ts";
import { type Operator, operator } from "./operator.ts";
import type { StreamRecord } from "./flow_record.ts";

/** A question about a value; the record tells key, time and origin. */
export type Predicate<K, V> = (value: V, record: StreamRecord<K, V>) => boolean;

/** Asks a predicate. @throws {TypeError} If it answers with a promise, which would always hold */
export function holds<K, V>(
  predicate: Predicate<K, V>,
  value: V,
  record: StreamRecord<K, V>,
): boolean {
  const answer: unknown = predicate(value, record);
  if (answer instanceof Promise) throw promiseError(answer);
  return Boolean(answer);
}

/** Passes the records for which the predicate holds. */
export function filter<K, V>(predicate: Predicate<K, V>): () => Operator {
  return operator((context) => (record) => {
    if (holds(predicate, record.value, record)) context.forward(record);
    else context.drop("filtered", record);
  });
}

/** Drops records without a key: they belong to no partition, so nothing can be kept for them. */
export function withKey(): () => Operator {
  return operator((context) => (record) => {
    if (record.encodedKey.isNull) context.drop("null key", record);
    else context.forward(record);
  });
}

/** Passes every record: a source, a merge. */
export function pass(): () => Operator {
  return operator((context) => (record) => context.forward(record));
}
