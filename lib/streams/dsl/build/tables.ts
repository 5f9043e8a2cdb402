/**
 * Tables: from streams, from other tables, and with a store where one is asked for.
 *
 * @module
 */
import type { OperatorContext } from "../../operators/operator.ts";
import {
  derivedGetter,
  storeGetter,
  type TableGetter,
  windowGetter,
} from "../../operators/table_getter.ts";
import { type Derive, type OldValues, tableDerive, toStream } from "../../operators/table_map.ts";
import { tableSource } from "../../operators/table_source.ts";
import { versionedGetter, versionedTable } from "../../operators/versioned_table.ts";
import { pairSerde } from "../../state/pair_serde.ts";
import type { Serde } from "../../../serde/mod.ts";
import { isWindowed } from "../../topology/windowed_serde.ts";
import type { Named, Shape, TableShape, ValueOptions } from "./shape.ts";

/** How a table is kept. */
export interface TableOptions<K, V> {
  /** Names the store and its changelog. @default made up from its place in the topology */
  readonly name?: string | undefined;
  /** How values are written. @default as the topic or stream before */
  readonly value?: Serde<V>;
  /** How keys are written. @default as the topic or stream before */
  readonly key?: Serde<K>;
  /** Whether changes go to `<app>-<name>-changelog`. @default true */
  readonly logged?: boolean;
  /** Keeps old values so long, so that joins look up what held at the record's time. */
  readonly versionedMs?: number;
}

/** How a table that follows from another one is named and kept. */
export interface TableStepOptions<V> extends ValueOptions<V> {
  /**
   * Keeps the rows in a store of that name, which can be queried; its changes go to `<app>-<store>-changelog`. Without
   * it nothing is kept: rows are computed from the table before when somebody asks.
   */
  readonly store?: string;
}

/** A table of the latest value of each key of a stream. */
export function tableFrom<K, V>(
  shape: Shape<K, V>,
  operator: string,
  options: TableOptions<K, V> & {
    /** Whether the name was made up rather than given. @default false */
    readonly generated?: boolean;
  } = {},
): TableShape<K, V> {
  const { graph } = shape;
  const store = options.name ?? graph.newName("KSTREAM-TOTABLE-STATE-STORE");
  const key = options.key ?? shape.key, value = options.value ?? shape.value;
  const { logged = true, versionedMs, generated = options.name === undefined } = options;
  const versioned = versionedMs !== undefined;
  graph.store(
    versioned
      ? {
        ...{ name: store, layout: "versioned", key, value: pairSerde(value), logged },
        internal: true,
        retentionMs: versionedMs,
      }
      : { name: store, layout: "plain", key, value, logged },
  );
  const edge = graph.operator({
    nameIfFree: generated ? undefined : store,
    prefix: "KTABLE-SOURCE",
    operator,
    parents: [shape.edge],
    stores: [store],
    readsValue: false,
    create: versioned ? versionedTable(store, versionedMs) : tableSource(store),
  });
  // Old values always come from the store; but Kafka Streams has a store only where one is named or needed, and
  // filters behave accordingly.
  let needed = !generated;
  return {
    ...{ ...shape, edge, key, value, keyChanged: false, store, versioned },
    getter: versioned ? versionedGetter(store, versionedMs) : storeGetter(store),
    sendOld: (force) => needed ||= force,
    onLookup: () => void (needed = true),
  };
}

/** The same table with a store of its own. */
export function materialized<K, V>(table: TableShape<K, V>): TableShape<K, V> {
  const name = table.graph.newName("KTABLE-MATERIALIZED-STATE-STORE");
  const stored = tableFrom(table, "materialize", { name, generated: true });
  return table.windows ? { ...stored, windows: table.windows } : stored;
}

/** A table with a way to look up its rows; one without gets a store. */
export function withGetter<K, V>(
  table: TableShape<K, V>,
): { readonly table: TableShape<K, V>; readonly getter: TableGetter } {
  table.onLookup?.();
  if (table.getter) return { table, getter: table.getter };
  const stored = materialized(table);
  return { table: stored, getter: stored.getter! };
}

/** How others look up the rows of a windowed store. */
export function windowedGetter<K>(store: string, key: Serde<K>, session: boolean): TableGetter {
  if (!isWindowed(key)) throw new TypeError(`Cannot look up windows in "${store}": no window key`);
  return windowGetter(store, key, { session });
}

/** A table whose rows follow from another table's, one by one. */
export function derived<K, V, W>(
  table: TableShape<K, V>,
  step: Named & {
    readonly prefix: string;
    readonly operator: string;
    /** Makes the rule of one task; a rule with stores of its own needs the task for them. */
    readonly derive: (context: OperatorContext) => Derive;
    readonly value: Serde<W>;
    /** Whether it leaves rows out: then a row that was not in and does not come in need not be told. */
    readonly filters?: boolean;
    /** Stores that the rule uses. */
    readonly uses?: readonly string[];
    /** See `TableStepOptions.store`. */
    readonly store?: string | undefined;
  },
): TableShape<K, W> {
  const { graph, sources, key, windows, getter, onLookup, versioned = false } = table;
  const { prefix, operator, name, derive, value, filters = false, uses = [], store } = step;
  // A filter that sees old values spares tombstones for rows that never were in; so it asks, if that costs nothing.
  const old: OldValues = { needed: filters && (table.sendOld?.(false) ?? true) };
  if (store !== undefined) keep(table, store, value);
  const edge = graph.operator({
    ...{ name, nameIfFree: store, prefix, operator, parents: [table.edge] },
    stores: store === undefined ? uses : [...uses, store],
    create: tableDerive(derive, old, { filters, versioned, store }),
  });
  const shape = { graph, sources, key, value, edge, keyChanged: false };
  if (store !== undefined) {
    return {
      ...{ ...shape, store, getter: storeGetter(store), ...(windows ? { windows } : {}) },
      sendOld: () => old.needed = true,
    };
  }
  return {
    ...{ ...shape, versioned, ...(windows ? { windows } : {}), ...(onLookup ? { onLookup } : {}) },
    ...(getter ? { getter: derivedGetter(getter, derive, uses) } : {}),
    sendOld: (force) => old.needed ||= table.sendOld?.(force) ?? true,
  };
}

/** Adds the store of a table that follows from another one. @throws {TypeError} If its keys are windows */
export function keep<W>(
  { graph, key }: TableShape<unknown, unknown> | TableShape<never, never>,
  name: string,
  value: Serde<W>,
): void {
  graph.store({ name, layout: "plain", key, value, logged: true });
}

/** The changes of a table as records. */
export function changes<K, V>(table: TableShape<K, V>, { name }: Named): Shape<K, V | null> {
  const { graph, sources, key, value } = table;
  const edge = graph.operator({
    name,
    prefix: "KTABLE-TOSTREAM",
    operator: "toStream",
    parents: [table.edge],
    readsValue: false,
    create: toStream(),
  });
  return { graph, sources, key, value: value as Serde<V | null>, edge, keyChanged: false };
}
