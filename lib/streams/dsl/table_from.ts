/**
 * Giving a table a store.
 *
 * @module
 */
import { storeGetter, windowGetter } from "../operators/table_getter.ts";
import { tableSource } from "../operators/table_source.ts";
import { versionedGetter, versionedTable } from "../operators/versioned_table.ts";
import { pairSerde } from "../state/pair_serde.ts";
import type { Serde } from "../../serde/mod.ts";
import { isWindowed } from "../topology/windowed_serde.ts";
import { orJson, type Shape } from "./shape.ts";
import { Table } from "./table.ts";

/** How a table is kept. */
export interface TableOptions<K, V> {
  /** Names the store and its changelog. @default made up from its place in the topology */
  readonly name?: string | undefined;
  /** How values are written. @default json() */
  readonly value?: Serde<V>;
  /** Whether changes go to `<app>-<name>-changelog`. @default true */
  readonly logged?: boolean;
  /** Keeps old values so long, so that joins look up what held at the record's time. */
  readonly versionedMs?: number;
  /** How keys are written. @default json() */
  readonly key?: Serde<K>;
  /** Whether the name was made up rather than given. @default false */
  readonly generated?: boolean;
}

/** A table of the latest value of each key of a stream. */
export function tableFrom<K, V>(
  shape: Shape<K, V>,
  operator: string,
  options: TableOptions<K, V> = {},
): Table<K, V> {
  const { graph, key } = shape;
  const store = options.name ?? graph.newName("KSTREAM-TOTABLE-STATE-STORE");
  const value = options.value ? orJson(options.value) : shape.value;
  const { logged = true, versionedMs } = options;
  const versioned = versionedMs !== undefined;
  graph.store(
    versioned
      ? {
        name: store,
        layout: "versioned",
        key,
        value: pairSerde(value),
        logged,
        internal: true,
        retentionMs: versionedMs,
      }
      : { name: store, layout: "plain", key, value, logged },
  );
  const edge = graph.operator({
    prefix: "KTABLE-SOURCE",
    operator,
    parents: [shape.edge],
    stores: [store],
    readsValue: false,
    create: versioned ? versionedTable(store, versionedMs) : tableSource(store),
  });
  const getter = versioned ? versionedGetter(store) : storeGetter(store);
  // Old values always come from the store; but Kafka Streams has a store only where one is named or needed, and
  // filters behave accordingly.
  let needed = options.name !== undefined && options.generated !== true;
  return new Table({
    ...shape,
    edge,
    value,
    keyChanged: false,
    store,
    getter,
    versioned,
    sendOld: (force) => needed ||= force,
    onLookup: () => void (needed = true),
  });
}

/** The same table with a store of its own. */
export function materialized<K, V>(table: Table<K, V>): Table<K, V> {
  const { shape } = table;
  const stored = tableFrom(shape, "materialize", {
    name: shape.graph.newName("KTABLE-MATERIALIZED-STATE-STORE"),
    generated: true,
  });
  return shape.windows ? new Table({ ...stored.shape, windows: shape.windows }) : stored;
}

/** How others look up the rows of a windowed store. */
export function windowedGetter<K>(store: string, key: Serde<K>, session: boolean) {
  if (!isWindowed(key)) throw new TypeError(`Cannot look up windows in "${store}": no window key`);
  return windowGetter(store, key, { session });
}
