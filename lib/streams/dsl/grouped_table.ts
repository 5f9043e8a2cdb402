/**
 * Rows grouped by another key, ready for results that shrink as well as grow.
 *
 * @module
 */
import type { ResultOptions } from "./build/aggregate.ts";
import { COUNT } from "./build/standard_aggregations.ts";
import {
  tableAggregated,
  type TableAggregation,
  type TableGrouping,
} from "./build/table_groups.ts";
import type { Table } from "./table.ts";

/** A grouped table. */
export class GroupedTable<K, V> {
  /** @internal */
  constructor(
    /** @internal */
    readonly grouping: TableGrouping<K, V>,
  ) {}

  /** Counts rows per group. A group whose last row went stays, with 0. */
  count(name?: string, options: ResultOptions<number> = {}): Table<K, number> {
    const aggregation = COUNT as TableAggregation<K, V, number>;
    return this.#table(tableAggregated(this.grouping, {
      ...{ operator: "count", name, aggregation, options },
    }));
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
    const { value = this.grouping.options.value } = options;
    return this.#table(tableAggregated(this.grouping, {
      ...{ operator: "reduce", name, aggregation, options: { ...options, value } },
    }));
  }

  /** Keeps a result per group. */
  aggregate<A>(
    name: string,
    aggregation: TableAggregation<K, V, A>,
    options: ResultOptions<A> = {},
  ): Table<K, A> {
    return this.#table(tableAggregated(this.grouping, {
      ...{ operator: "aggregate", name, aggregation, options },
    }));
  }

  #table<A>(shape: ReturnType<typeof tableAggregated<K, V, A>>): Table<K, A> {
    return shape.graph.fluent.table(shape);
  }
}
