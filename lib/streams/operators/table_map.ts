/** Tables: filter, map values, and turn into a stream. Rows follow from the table before, or are kept. */
import { EncodedValue } from "../state/encoded_value.ts";
import { holds, type Predicate } from "./filter.ts";
import { FlowRecord } from "./flow_record.ts";
import type { Mapper } from "./map.ts";
import { type Operator, operator, type OperatorContext } from "./operator.ts";

/** Set while the topology is built: whether somebody behind needs the values that changes replace. */
export interface OldValues {
  needed: boolean;
}

/** A value of the table before as a value of this table. */
// deno-lint-ignore no-explicit-any
export type Derive = (value: EncodedValue<any>, record: FlowRecord) => EncodedValue<any>;

/** Keeps a value if the predicate holds; else null. */
export function keepIf<K, V>(predicate: Predicate<K, V>): Derive {
  return (value, record) =>
    !value.isNull && holds(predicate, value.copy() as V, record.withValue(value))
      ? value
      : EncodedValue.null;
}

/** Maps a value; null stays null. */
export function mapIfPresent<K, V, W>(mapper: Mapper<K, V, W>): Derive {
  return (value, record) =>
    value.isNull
      ? EncodedValue.null
      : EncodedValue.of(mapper(value.copy() as V, record.withValue(value) as FlowRecord<K, V>));
}

/** How a derived table is kept, and what it leaves out. */
export interface DeriveOptions {
  /**
   * A filter: a row that leaves it becomes a tombstone; one that was not in and does not come in is silent, but only
   * where old values are known to be needed. See: Kafka Streams' `KTableFilter`.
   */
  readonly filters: boolean;
  /** Of a versioned table every tombstone passes: a version that ends is news, whatever the one before was. */
  readonly versioned: boolean;
  /** Where the rows are kept. @default nowhere: they are computed when somebody asks */
  readonly store: string | undefined;
}

/**
 * Makes each row of another table's row.
 *
 * See: Kafka Streams' `KTableFilter`, `KTableMapValues`, `KTableTransformValues`
 */
export function tableDerive(
  makeDerive: (context: OperatorContext) => Derive,
  old: OldValues,
  { filters, versioned, store: storeName }: DeriveOptions,
): () => Operator {
  return operator((context) => {
    const derive = makeDerive(context);
    const store = storeName === undefined ? undefined : context.store(storeName);
    return (record) => {
      const after = derive(record.encodedValue, record);
      const key = store && record.encodedKey.stateKey(store.spec.key, store.topic);
      const before = !old.needed
        ? EncodedValue.null
        : store
        ? store.get(key!)?.value ?? EncodedValue.null
        : derive(record.encodedOld, record);
      const unchanged = filters && old.needed && after.isNull && before.isNull;
      if (unchanged && !versioned) return context.drop("unchanged", record);
      if (!store) return context.forward(record.withChange(after, before));
      store.put(key!, after, record.timestamp);
      const { encodedKey, timestamp, origin } = record;
      context.forward(new FlowRecord(encodedKey, after, timestamp, origin, before));
    };
  });
}

/** Keeps the rows of a table that others compute, and passes the changes on. */
export function tableStore(storeName: string): () => Operator {
  return operator((context) => {
    const store = context.store(storeName);
    return (record) => {
      const { encodedKey, encodedValue, timestamp, origin, encodedOld } = record;
      store.put(encodedKey.stateKey(store.spec.key, store.topic), encodedValue, timestamp);
      context.forward(new FlowRecord(encodedKey, encodedValue, timestamp, origin, encodedOld));
    };
  });
}

/** Changes become records: what was replaced is forgotten. */
export function toStream(): () => Operator {
  return operator((context) => (record) => context.forward(record.withValue(record.encodedValue)));
}
