/**
 * Tables: the latest value of each key, and how it changes.
 *
 * @module
 */
import { holds, type Predicate } from "../operators/filter.ts";
import type { StreamRecord } from "../operators/flow_record.ts";
import { type KeyValue, type Mapper, selectKey } from "../operators/map.ts";
import { transformed, type TransformerFactory } from "../operators/process.ts";
import { keepIf, mapIfPresent } from "../operators/table_map.ts";
import type { Serde } from "../../serde/mod.ts";
import { foreignKeyJoined, type ForeignKeyOptions } from "./build/foreign_key.ts";
import {
  type AtOnce,
  type Named,
  nameFirst,
  oneLine,
  type Serdes,
  type TableShape,
} from "./build/shape.ts";
import { rekeyed } from "./build/steps.ts";
import { suppressed, type SuppressOptions } from "./build/suppress.ts";
import { TableGrouping } from "./build/table_groups.ts";
import { type RowJoin, tablesJoined } from "./build/table_joins.ts";
import { changes, derived, type TableStepOptions } from "./build/tables.ts";
import type { GroupedTable } from "./grouped_table.ts";
import type { Stream } from "./stream.ts";

/** A table under construction. Its keys and values are never null: a null value deletes the row. */
export class Table<K, V> {
  /** @internal */
  readonly kind = "table";
  /** Only for its types, so that a worker knows what it is asked for. */
  declare readonly rowType?: readonly [K, V];

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

  /** Keeps rows whose values are of a kind; a row that leaves it becomes a tombstone. */
  filter<W extends V>(
    predicate: (value: V, record: StreamRecord<K, V>) => value is W,
    options?: TableStepOptions<W>,
  ): Table<K, W>;
  /** Keeps rows for which the predicate holds; a row that leaves it becomes a tombstone. */
  filter(predicate: Predicate<K, V>, options?: TableStepOptions<V>): Table<K, V>;
  filter(predicate: Predicate<K, V>, options: TableStepOptions<V> = {}): Table<K, V> {
    return this.#filtered("filter", predicate, options);
  }

  /** Keeps rows for which the predicate does not hold. */
  filterNot(predicate: Predicate<K, V>, options: TableStepOptions<V> = {}): Table<K, V> {
    const not: Predicate<K, V> = (value, record) => !holds(predicate, value, record);
    return this.#filtered("filterNot", not, options);
  }

  /**
   * Makes another value of each row's value; null leaves the row out.
   *
   * Gotcha: without `store` the mapper is asked again whenever somebody looks the row up, or takes its old value back;
   * so it has to give the same for the same row. It then sees the row's own time, and no offset or headers.
   */
  mapValues<W>(
    mapper: Mapper<K, V, W> & AtOnce<W>,
    options: TableStepOptions<NonNullable<W>> = {},
  ): Table<K, NonNullable<W>> {
    const derive = mapIfPresent(mapper), { name, store } = options;
    return this.#table(derived(this.shape, {
      ...{ name, store, prefix: "KTABLE-MAPVALUES", operator: "mapValues" },
      derive: () => derive,
      value: this.shape.graph.valueSerde(options.value),
    }));
  }

  /** Makes another value of each row's value, with stores of its own; it is also asked about rows that are gone. */
  transformValues<W>(
    name: string,
    factory: TransformerFactory<K, V, W>,
    options: Omit<TableStepOptions<NonNullable<W>>, "name"> & {
      /** Names of the stores that it uses; see `App.store`. */
      readonly stores?: readonly string[];
    } = {},
  ): Table<K, NonNullable<W>> {
    const { store, stores = [] } = options;
    return this.#table(derived(this.shape, {
      ...{ name, store, prefix: "KTABLE-TRANSFORMVALUES", operator: "transformValues" },
      derive: transformed(factory),
      value: this.shape.graph.valueSerde(options.value),
      uses: stores,
    }));
  }

  /** The changes as a stream of records, each with another key; tombstones are null values. */
  // Before the next one: a function has a name, so it would pass for options there.
  toStream<L>(
    key: Mapper<K, V | null, L> & AtOnce<L>,
    options?: Named & { readonly key?: Serde<NonNullable<L>> },
  ): Stream<L, V | null>;
  /** The changes as a stream of records; tombstones are null values. */
  toStream(options?: Named): Stream<K, V | null>;
  toStream(
    // deno-lint-ignore no-explicit-any
    first: any = {},
    second: Named & { readonly key?: Serde<unknown> } = {},
    // deno-lint-ignore no-explicit-any
  ): Stream<any, V | null> {
    const { fluent } = this.shape.graph;
    if (typeof first !== "function") return fluent.stream(changes(this.shape, first));
    const shape = changes(this.shape, {}), { name, key } = second;
    const create = selectKey(first);
    const step = { name, prefix: "KSTREAM-KEY-SELECT", operator: "selectKey", create };
    return fluent.stream(rekeyed(shape, step, { value: shape.value, ...(key ? { key } : {}) }));
  }

  /**
   * Groups rows by a new key; a row that changes is taken back from its old group and added to the new one.
   *
   * @param mapper The group's key and the value to add; null leaves the row out
   */
  groupBy<L, W = V>(
    name: string,
    mapper: Mapper<K, V, KeyValue<L, W> | null>,
    serdes: Serdes<NonNullable<L>, NonNullable<W>> & { readonly partitions?: number } = {},
  ): GroupedTable<NonNullable<L>, NonNullable<W>> {
    const { graph } = this.shape, { key, value, partitions } = serdes;
    return graph.fluent.groupedTable(
      new TableGrouping<NonNullable<L>, NonNullable<W>>(
        this.shape,
        mapper as Mapper<K, V, KeyValue<NonNullable<L>, NonNullable<W>> | null>,
        { name, key: graph.keySerde(key), value: graph.valueSerde(value), partitions },
      ),
    );
  }

  /** Joins rows of equal keys; a row is there when both sides are. */
  join<W, R>(
    other: Table<K, W>,
    joiner: RowJoin<K, V, W, R> & AtOnce<R>,
    options?: TableStepOptions<NonNullable<R>>,
  ): Table<K, NonNullable<R>>;
  /** Joins each row with the row that it names (foreign key). */
  join<L, W, R>(
    other: Table<L, W>,
    foreignKey: Mapper<K, V, L | null>,
    joiner: RowJoin<K, V, W, R> & AtOnce<R>,
    options?: ForeignKeyOptions<NonNullable<R>, L>,
  ): Table<K, NonNullable<R>>;
  // deno-lint-ignore no-explicit-any
  join(other: any, ...rest: any[]): any {
    return this.#join(other, "inner", rest);
  }

  /** As `join`; rows of this table without a partner are joined with null. */
  leftJoin<W, R>(
    other: Table<K, W>,
    joiner: RowJoin<K, V, W | null, R> & AtOnce<R>,
    options?: TableStepOptions<NonNullable<R>>,
  ): Table<K, NonNullable<R>>;
  /** Joins each row with the row that it names (foreign key); null where there is none. */
  leftJoin<L, W, R>(
    other: Table<L, W>,
    foreignKey: Mapper<K, V, L | null>,
    joiner: RowJoin<K, V, W | null, R> & AtOnce<R>,
    options?: ForeignKeyOptions<NonNullable<R>, L>,
  ): Table<K, NonNullable<R>>;
  // deno-lint-ignore no-explicit-any
  leftJoin(other: any, ...rest: any[]): any {
    return this.#join(other, "left", rest);
  }

  /** As `join`; rows of either table without a partner are joined with null. */
  outerJoin<W, R>(
    other: Table<K, W>,
    joiner: RowJoin<K, V | null, W | null, R> & AtOnce<R>,
    options: TableStepOptions<NonNullable<R>> = {},
  ): Table<K, NonNullable<R>> {
    return this.#table(
      tablesJoined(this.shape, other.shape, { ...options, type: "outer", joiner }),
    );
  }

  /** Holds back updates: until a window closes, or for a while. The name becomes that of the buffer's changelog. */
  suppress(name: string, options: SuppressOptions): Table<K, V>;
  /** The same under a name of the engine's choice. */
  suppress(options: SuppressOptions): Table<K, V>;
  suppress(first: string | SuppressOptions, second?: SuppressOptions): Table<K, V> {
    const { name, options } = nameFirst(first, second);
    return this.#table(suppressed(this.shape, options!, name));
  }

  // deno-lint-ignore no-explicit-any
  #join(other: Table<any, any>, type: "inner" | "left", [first, second, third]: any[]) {
    return this.#table(
      typeof second === "function"
        ? foreignKeyJoined(this.shape, other.shape, {
          ...third,
          ...{ type, foreignKey: first, joiner: second },
        })
        : tablesJoined(this.shape, other.shape, { ...second, type, joiner: first }),
    );
  }

  #filtered(
    operator: string,
    predicate: Predicate<K, V>,
    { name, store, value = this.shape.value }: TableStepOptions<V>,
  ): Table<K, V> {
    const derive = keepIf(predicate);
    return this.#table(derived(this.shape, {
      ...{ name, store, prefix: "KTABLE-FILTER", operator, value, filters: true },
      derive: () => derive,
    }));
  }

  #table<L, W>(shape: TableShape<L, W>): Table<L, W> {
    return shape.graph.fluent.table(shape);
  }
}
