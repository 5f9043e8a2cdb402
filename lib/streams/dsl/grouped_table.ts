/**
 * Rows grouped by another key, ready for results that shrink as well as grow.
 *
 * @module
 */
import type { Aggregation } from "../operators/aggregate.ts";
import { pass } from "../operators/filter.ts";
import type { KeyValue, Mapper } from "../operators/map.ts";
import { tableAggregate } from "../operators/table_aggregate.ts";
import { storeGetter } from "../operators/table_getter.ts";
import { tableRegroup } from "../operators/table_regroup.ts";
import { pairSerde } from "../state/pair_serde.ts";
import type { Edge } from "../topology/node.ts";
import type { Serde } from "../../serde/mod.ts";
import type { ResultOptions } from "./grouped_stream.ts";
import { orJson } from "./shape.ts";
import { COUNT } from "./standard_aggregations.ts";
import { Table } from "./table.ts";

/** Takes a value back, adds a value. */
export type TableAggregation<K, V, A> = Required<
  Pick<Aggregation<K, V, A>, "init" | "add" | "subtract">
>;

/** A grouped table. */
export class GroupedTable<K, V> {
  #moved: Edge | undefined;

  /** @internal */
  constructor(
    /** @internal */
    // deno-lint-ignore no-explicit-any
    readonly table: Table<any, any>,
    /** @internal */
    readonly mapper: Mapper<unknown, unknown, KeyValue<K, V> | null>,
    /** @internal */
    readonly grouping: {
      readonly name: string;
      readonly key: Serde<K>;
      readonly value: Serde<V>;
      readonly partitions: number | undefined;
    },
  ) {}

  /** Counts rows per group. A group whose last row went stays, with 0. */
  count(name?: string, options: ResultOptions<number> = {}): Table<K, number> {
    return this.#aggregate("count", name, COUNT as TableAggregation<K, V, number>, options);
  }

  /** Combines values; `subtract` takes one back. */
  reduce(
    name: string,
    reducers: {
      readonly add: (aggregate: V, value: V) => V | null;
      readonly subtract: (aggregate: V, value: V) => V | null;
    },
    options: ResultOptions<V> = {},
  ): Table<K, V> {
    const aggregation: TableAggregation<K, V, V> = {
      init: () => null,
      add: (aggregate, value) => aggregate === null ? value : reducers.add(aggregate, value),
      subtract: reducers.subtract,
    };
    const value = options.value ?? this.grouping.value;
    return this.#aggregate("reduce", name, aggregation, { ...options, value });
  }

  /** Keeps a result per group. */
  aggregate<A>(
    name: string,
    aggregation: TableAggregation<K, V, A>,
    options: ResultOptions<A> = {},
  ): Table<K, A> {
    return this.#aggregate("aggregate", name, aggregation, options);
  }

  #aggregate<A>(
    operator: string,
    name: string | undefined,
    aggregation: TableAggregation<K, V, A>,
    options: ResultOptions<A>,
  ): Table<K, A> {
    const { graph } = this.table.shape;
    const { key } = this.grouping;
    const store = name ?? graph.newName("KTABLE-AGGREGATE-STATE-STORE");
    const moved = this.#repartition();
    const value = orJson(options.value), { logged = true } = options;
    graph.store({ name: store, layout: "plain", key, value, logged });
    const edge = graph.operator({
      prefix: "KTABLE-AGGREGATE",
      operator,
      parents: [moved],
      stores: [store],
      create: tableAggregate(store, aggregation),
    });
    const sources = [moved.node];
    const getter = storeGetter(store);
    return new Table({ graph, sources, key, value, edge, keyChanged: false, store, getter });
  }

  /** One repartition topic for all results of this grouping. */
  #repartition(): Edge {
    const { graph, edge } = this.table.shape;
    const { name, key, value, partitions } = this.grouping;
    if (this.#moved) return this.#moved;
    const selected = graph.operator({
      prefix: "KTABLE-SELECT",
      operator: "groupBy",
      parents: [edge],
      create: tableRegroup(this.mapper, key, name),
    });
    const serdes = { key, value: pairSerde(value), partitions };
    return this.#moved = graph.repartition(selected, name, serdes, pass());
  }
}
