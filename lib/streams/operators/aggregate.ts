/** Streams: one running result per key. */
import { EncodedValue } from "../state/encoded_value.ts";
import type { StreamRecord } from "./flow_record.ts";
import { type Operator, operator } from "./operator.ts";

/**
 * How a result begins and grows. A result of null deletes the row. The functions may change the result they get and
 * return it: what it was before comes from the store's bytes.
 */
export interface Aggregation<K, V, A> {
  /** The result before the first value. Null makes the first value the result (see `add`). */
  readonly init: () => A | null;
  /** The result with one more value. */
  readonly add: (aggregate: A, value: V, record: StreamRecord<K, V>) => A | null;
  /** Joins two results, for sessions that grow together. */
  readonly merge?: (left: A, right: A, key: K) => A;
  /** Takes back a value, for tables whose rows change or move. */
  readonly subtract?: (aggregate: A, value: V, record: StreamRecord<K, V>) => A | null;
}

/** Cells are not type-checked when they run. @throws {TypeError} If one of the functions is missing, or is none */
export function mustAggregate(
  aggregation: Partial<Record<"init" | "add" | "merge" | "subtract", unknown>>,
  parts: readonly ("init" | "add" | "merge" | "subtract")[] = ["init", "add"],
): void {
  const odd = parts.find((part) => typeof aggregation?.[part] !== "function");
  if (odd === undefined) return;
  const example = odd === "init" ? "init: () => 0" : `${odd}: (result, value) => …`;
  throw new TypeError(`Cannot aggregate: ${odd} is no function (write ${example})`);
}

/**
 * Keeps a result per key and emits every update.
 *
 * Null keys and null values are dropped; the result's time is the latest of its records.
 * See: Kafka Streams' `KStreamAggregate`
 */
export function aggregate<K, V, A>(
  storeName: string,
  { init, add }: Aggregation<K, V, A>,
  options: { readonly looksAtValue: boolean },
): () => Operator {
  mustAggregate({ init, add });
  return operator((context) => {
    const store = context.store(storeName);
    return (record) => {
      if (record.encodedKey.isNull || record.encodedValue.isNull) {
        return context.drop("null key or value", record);
      }
      const key = record.encodedKey.stateKey(store.spec.key, store.topic);
      const row = store.get(key);
      const before = row ? row.value.copy() as A : initial(init);
      const value = options.looksAtValue ? record.value : undefined as V;
      const after = EncodedValue.result<A>(add(before as A, value, record));
      const timestamp = row ? Math.max(row.timestamp, record.timestamp) : record.timestamp;
      store.put(key, after, timestamp);
      if (!context.hasChildren) return;
      const old = row ? row.value : EncodedValue.of(initial(init));
      // Kafka Streams says that the first result replaces the initial one, and those behind take that back.
      context.forward(record.withChange<A>(after, old, timestamp));
    };
  });
}

/** The initial result, a copy of its own where it is plain data: a program may give one object each time and change it. */
export function initial<A>(init: () => A | null): A | null {
  const begun = init();
  if (typeof begun !== "object" || begun === null) return begun;
  if (!PLAIN.has(Object.getPrototypeOf(begun))) return begun;
  try {
    return structuredClone(begun);
  } catch {
    return begun; // It holds a function: no data that a store could keep.
  }
}

const PLAIN = new Set([Object.prototype, Array.prototype, Map.prototype, Set.prototype]);
