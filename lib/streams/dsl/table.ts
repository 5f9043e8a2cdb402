/**
 * Tables: the latest value of each key, and how it changes.
 *
 * @module
 */
import { holds, type Predicate } from "../operators/filter.ts";
import type { KeyValue, Mapper } from "../operators/map.ts";
import { derivedGetter, type TableGetter } from "../operators/table_getter.ts";
import {
  type Derive,
  keepIf,
  mapIfPresent,
  type OldValues,
  tableFilter,
  tableMapValues,
  toStream,
} from "../operators/table_map.ts";
import type { Windows } from "../operators/windows.ts";
import type { Serde } from "../../serde/mod.ts";
import { type ForeignKeyOptions, joinForeignKey } from "./foreign_key.ts";
import { GroupedTable } from "./grouped_table.ts";
import { nameFirst, oneLine, orJson, type Serdes, type Shape } from "./shape.ts";
import { Stream } from "./stream.ts";
import { materialized } from "./table_from.ts";
import { joinTables, type RowJoin } from "./table_joins.ts";
import { suppressed, type SuppressOptions } from "./suppressed.ts";

/** What a table knows about itself besides its place. */
export interface TableShape<K, V> extends Shape<K, V> {
  /** Its store, when it has one of its own. */
  readonly store?: string;
  /** How others look up its rows; without it a store is added when somebody needs one. */
  readonly getter?: TableGetter;
  /** The windows it was counted in. */
  readonly windows?: Windows;
  /** Whether it remembers old values: it is kept with `versionedMs`, or filtered or mapped from such a table. */
  readonly versioned?: boolean;
  /**
   * Asks the nodes before for the values that changes replace; answers whether they come. Without `force` a table
   * that nobody looks up may decline. Left out: they always come.
   */
  readonly sendOld?: (force: boolean) => boolean;
  /** Told when somebody looks up rows: then there is a store for certain. */
  readonly onLookup?: () => void;
}

/** A table under construction. */
export class Table<K, V> {
  /** @internal */
  constructor(
    /** @internal */
    readonly shape: TableShape<K, V>,
  ) {}

  /** What a console or a notebook cell shows of it: one line, not the whole graph behind it. */
  [Symbol.for("Deno.customInspect")](): string {
    return oneLine("Table", this.name === undefined ? this.shape.edge : { node: this.name });
  }

  /** The store's name, for queries and the test driver; undefined when the table has none of its own. */
  get name(): string | undefined {
    return this.shape.store;
  }

  /** Keeps rows for which the predicate holds; a row that leaves it becomes a tombstone. */
  filter(predicate: Predicate<K, V>): Table<K, V> {
    return this.#derived("KTABLE-FILTER", "filter", keepIf(predicate), this.shape.value);
  }

  /** Keeps rows for which the predicate does not hold. */
  filterNot(predicate: Predicate<K, V>): Table<K, V> {
    const not: Predicate<K, V> = (value, record) => !holds(predicate, value, record);
    return this.#derived("KTABLE-FILTER", "filterNot", keepIf(not), this.shape.value);
  }

  /** Makes another value of each row's value. */
  mapValues<W>(mapper: Mapper<K, V, W>, serdes: Serdes<K, W> = {}): Table<K, W> {
    const derive = mapIfPresent(mapper);
    return this.#derived("KTABLE-MAPVALUES", "mapValues", derive, orJson(serdes.value));
  }

  /** The changes as a stream of records; tombstones are null values. */
  toStream(): Stream<K, V> {
    const { graph, sources, key, value } = this.shape;
    const edge = graph.operator({
      prefix: "KTABLE-TOSTREAM",
      operator: "toStream",
      parents: [this.shape.edge],
      readsValue: false,
      create: toStream(),
    });
    return new Stream({ graph, sources, key, value, edge, keyChanged: false });
  }

  /**
   * Groups rows by a new key; a row that changes is taken back from its old group and added to the new one.
   *
   * @param mapper The group's key and the value to add; null leaves the row out
   */
  groupBy<L, W = V>(
    name: string,
    mapper: Mapper<K, V, KeyValue<L, W> | null>,
    serdes: Serdes<L, W> & { readonly partitions?: number } = {},
  ): GroupedTable<L, W> {
    this.shape.sendOld?.(true);
    return new GroupedTable<L, W>(this, mapper as Mapper<unknown, unknown, KeyValue<L, W> | null>, {
      name,
      key: orJson(serdes.key),
      value: orJson(serdes.value),
      partitions: serdes.partitions,
    });
  }

  /** Joins rows of equal keys; a row is there when both sides are. */
  join<W, R>(other: Table<K, W>, joiner: RowJoin<K, V, W, R>, options?: Serdes<K, R>): Table<K, R>;
  /** Joins each row with the row that it names (foreign key). */
  join<L, W, R>(
    other: Table<L, W>,
    foreignKey: Mapper<K, V, L | null>,
    joiner: RowJoin<K, V, W, R>,
    options?: ForeignKeyOptions<R>,
  ): Table<K, R>;
  // deno-lint-ignore no-explicit-any
  join(other: any, first: any, second?: any, third?: any): Table<K, any> {
    return this.#join(other, "inner", [first, second, third]);
  }

  /** As `join`; rows of this table without a partner are joined with null. */
  leftJoin<W, R>(
    other: Table<K, W>,
    joiner: RowJoin<K, V, W | null, R>,
    options?: Serdes<K, R>,
  ): Table<K, R>;
  /** Joins each row with the row that it names (foreign key); null where there is none. */
  leftJoin<L, W, R>(
    other: Table<L, W>,
    foreignKey: Mapper<K, V, L | null>,
    joiner: RowJoin<K, V, W | null, R>,
    options?: ForeignKeyOptions<R>,
  ): Table<K, R>;
  // deno-lint-ignore no-explicit-any
  leftJoin(other: any, first: any, second?: any, third?: any): Table<K, any> {
    return this.#join(other, "left", [first, second, third]);
  }

  /** As `join`; rows of either table without a partner are joined with null. */
  outerJoin<W, R>(
    other: Table<K, W>,
    joiner: RowJoin<K, V | null, W | null, R>,
    options: Serdes<K, R> = {},
  ): Table<K, R> {
    return joinTables(this, other, {
      ...options,
      type: "outer",
      joiner: joiner as RowJoin<K, V, W, R>,
    });
  }

  /** Holds back updates: until a window closes, or for a while. The name becomes that of the buffer's changelog. */
  suppress(name: string, options: SuppressOptions): Table<K, V>;
  /** The same under a name of the engine's choice. */
  suppress(options: SuppressOptions): Table<K, V>;
  suppress(first: string | SuppressOptions, second?: SuppressOptions): Table<K, V> {
    const { name, options } = nameFirst(first, second);
    return suppressed(this, options!, name);
  }

  // deno-lint-ignore no-explicit-any
  #join(other: any, type: "inner" | "left", [first, second, third]: any[]): Table<K, any> {
    return typeof second === "function"
      ? joinForeignKey(this, other, { ...third, type, foreignKey: first, joiner: second })
      : joinTables(this, other, { ...second, type, joiner: first });
  }

  #derived<W>(prefix: string, operator: string, derive: Derive, value: Serde<W>): Table<K, W> {
    const { graph, sources, key, windows, getter, sendOld, onLookup, versioned = false } =
      this.shape;
    const filters = operator !== "mapValues";
    // A filter that sees old values spares tombstones for rows that never were in; so it asks, if that costs nothing.
    const old: OldValues = { needed: filters && (sendOld?.(false) ?? true) };
    const edge = graph.operator({
      prefix,
      operator,
      parents: [this.shape.edge],
      create: filters ? tableFilter(derive, old, { versioned }) : tableMapValues(derive, old),
    });
    return new Table<K, W>({
      graph,
      sources,
      key,
      value,
      edge,
      keyChanged: false,
      versioned,
      ...(windows ? { windows } : {}),
      ...(getter ? { getter: derivedGetter(getter, derive) } : {}),
      ...(onLookup ? { onLookup } : {}),
      sendOld: (force) => old.needed ||= sendOld?.(force) ?? true,
    });
  }
}

/** A table with a way to look up its rows; one without gets a store. */
export function withGetter<K, V>(table: Table<K, V>): {
  readonly table: Table<K, V>;
  readonly getter: TableGetter;
} {
  const { getter, onLookup } = table.shape;
  onLookup?.();
  if (getter) return { table, getter };
  const stored = materialized(table);
  return { table: stored, getter: stored.shape.getter! };
}
