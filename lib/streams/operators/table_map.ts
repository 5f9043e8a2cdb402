/** Tables: filter, map values, and turn into a stream. Nothing is stored: results follow from the table before. */
import { Datum } from "../state/datum.ts";
import { holds, type Predicate } from "./filter.ts";
import type { FlowRecord } from "./flow_record.ts";
import type { Mapper } from "./map.ts";
import { type Operator, stateless } from "./operator.ts";

/** Set while the topology is built: whether somebody behind needs the values that changes replace. */
export interface OldValues {
  needed: boolean;
}

/** A value of the table before as a value of this table. */
// deno-lint-ignore no-explicit-any
export type Derive = (value: Datum<any>, record: FlowRecord) => Datum<any>;

/** Keeps a value if the predicate holds; else null. */
export function keepIf<K, V>(predicate: Predicate<K, V>): Derive {
  return (value, record) =>
    !value.isNull && holds(predicate, value.copy() as V, record.withValue(value))
      ? value
      : Datum.null;
}

/** Maps a value; null stays null. */
export function mapIfPresent<K, V, W>(mapper: Mapper<K, V, W>): Derive {
  return (value, record) =>
    value.isNull
      ? Datum.null
      : Datum.of(mapper(value.copy() as V, record.withValue(value) as FlowRecord<K, V>));
}

/**
 * A row that leaves the predicate becomes a tombstone. One that was not in and does not come in is only silent where
 * old values are known to be needed: see Kafka Streams' `KTableFilter`.
 */
export function tableFilter(
  derive: Derive,
  old: OldValues,
  options: {
    /** Of a versioned table every tombstone passes: a version that ends is news, whatever the one before was. */
    readonly versioned: boolean;
  },
): () => Operator {
  return stateless((record, context) => {
    const after = derive(record.valueDatum, record);
    const before = old.needed ? derive(record.oldDatum, record) : Datum.null;
    const unchanged = old.needed && after.isNull && before.isNull;
    if (unchanged && !options.versioned) return context.drop("unchanged", record);
    context.forward(record.withChange(after, before));
  });
}

/** See: Kafka Streams' `KTableMapValues` */
export function tableMapValues(derive: Derive, old: OldValues): () => Operator {
  return stateless((record, context) => {
    const before = old.needed ? derive(record.oldDatum, record) : Datum.null;
    context.forward(record.withChange(derive(record.valueDatum, record), before));
  });
}

/** Changes become records: what was replaced is forgotten. */
export function toStream(): () => Operator {
  return stateless((record, context) => context.forward(record.withValue(record.valueDatum)));
}
