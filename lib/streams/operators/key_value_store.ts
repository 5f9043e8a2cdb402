/** Stores as user code sees them. */
import { EncodedValue } from "../state/encoded_value.ts";
import type { Row } from "../state/row_store.ts";
import { afterPrefix, type StateKey, toStateKey } from "../state/state_key.ts";
import type { TaskStore } from "../state/task_store.ts";

/** In which order rows come. */
export interface OrderOptions {
  /** The greatest key first. @default false */
  readonly reverse?: boolean;
}

/** A store as user code sees it; its order is that of the keys' bytes. */
export interface KeyValueStore<K, V> {
  /** Undefined where there is no row. */
  get(key: K): V | undefined;
  /** Null deletes. */
  put(key: K, value: V | null): void;
  /** Does nothing where there is no row. */
  delete(key: K): void;
  /** Every row, in the order of the keys' bytes. The store may change while they are read. */
  entries(options?: OrderOptions): IterableIterator<readonly [K, V]>;
  /** Rows from one key to another, both inclusive; undefined leaves an end open. */
  range(
    from: K | undefined,
    to: K | undefined,
    options?: OrderOptions,
  ): IterableIterator<readonly [K, V]>;
  /** Rows whose keys' bytes begin so; text stands for its UTF-8 (a JSON string begins with a quotation mark). */
  prefix(prefix: string | Uint8Array, options?: OrderOptions): IterableIterator<readonly [K, V]>;
}

const encoder = new TextEncoder();

/** A task's store for user code. @param time Time of rows written now */
export function keyValueStore<K, V>(store: TaskStore, time: () => number): KeyValueStore<K, V> {
  const keyOf = (key: K) => EncodedValue.of(key).stateKey(store.spec.key, store.topic);
  function* shown(
    rows: Iterable<readonly [StateKey, Row]>,
    { reverse = false }: OrderOptions = {},
  ): IterableIterator<readonly [K, V]> {
    for (const [key, row] of reverse ? [...rows].reverse() : rows) {
      yield [store.decodeKey(key) as K, row.value.value as V] as const;
    }
  }
  function* rowsFrom(from: StateKey): Iterable<readonly [StateKey, Row]> {
    for (const row of store.all()) if (row[0] >= from) yield row;
  }
  return {
    get: (key) => store.get(keyOf(key))?.value.value as V | undefined,
    put: (key, value) => store.put(keyOf(key), EncodedValue.of(value), time()),
    delete: (key) => store.delete(keyOf(key), time()),
    entries: (options) => shown(store.all(), options),
    range(from, to, options) {
      const first = from === undefined ? "" : keyOf(from);
      // The least key after a key is the key and a zero byte.
      const rows = to === undefined ? rowsFrom(first) : store.range(first, `${keyOf(to)}\0`);
      return shown(rows, options);
    },
    prefix(prefix, options) {
      const first = toStateKey(typeof prefix === "string" ? encoder.encode(prefix) : prefix);
      const isOpen = /^\xff*$/.test(first);
      return shown(isOpen ? rowsFrom(first) : store.range(first, afterPrefix(first)), options);
    },
  };
}
