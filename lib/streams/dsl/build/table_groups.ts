/**
 * Rows of a table by another key, and results that shrink as well as grow.
 *
 * @module
 */
import type { Aggregation } from "../../operators/aggregate.ts";
import type { KeyValue, Mapper } from "../../operators/map.ts";
import { tableAggregate } from "../../operators/table_aggregate.ts";
import { storeGetter } from "../../operators/table_getter.ts";
import { tableRegroup } from "../../operators/table_regroup.ts";
import { pairSerde } from "../../state/pair_serde.ts";
import type { Edge } from "../../topology/node.ts";
import type { Serde } from "../../../serde/mod.ts";
import type { ResultOptions } from "./aggregate.ts";
import type { TableShape } from "./shape.ts";

/** Takes a value back, adds a value. */
export type TableAggregation<K, V, A> = Required<
  Pick<Aggregation<K, V, A>, "init" | "add" | "subtract">
>;

/** A table that was grouped. */
export class TableGrouping<K, V> {
  readonly #selected: Edge;
  #moved: Edge | undefined;

  constructor(
    // deno-lint-ignore no-explicit-any
    readonly table: TableShape<any, any>,
    // deno-lint-ignore no-explicit-any
    mapper: Mapper<any, any, KeyValue<K, V> | null>,
    readonly options: {
      readonly name: string;
      readonly key: Serde<K>;
      readonly value: Serde<V>;
      readonly partitions: number | undefined;
    },
  ) {
    table.sendOld?.(true);
    const { name, key } = options;
    this.#selected = table.graph.operator({
      nameIfFree: `${name}-select`,
      prefix: "KTABLE-SELECT",
      operator: "groupBy",
      parents: [table.edge],
      create: tableRegroup(mapper, key, name),
    });
  }

  /** One repartition topic for all results of this grouping. */
  moved(): Edge {
    const { name, key, value, partitions } = this.options;
    const serdes = { key, value: pairSerde(value), partitions };
    return this.#moved ??= this.table.graph.repartition(this.#selected, name, serdes);
  }
}

/** One result per group. */
export function tableAggregated<K, V, A>(
  grouping: TableGrouping<K, V>,
  { operator, name, aggregation, options }: {
    readonly operator: string;
    readonly name: string | undefined;
    readonly aggregation: TableAggregation<K, V, A>;
    readonly options: ResultOptions<A>;
  },
): TableShape<K, A> {
  const { graph } = grouping.table, { key } = grouping.options;
  const store = name ?? graph.newName("KTABLE-AGGREGATE-STATE-STORE");
  const moved = grouping.moved();
  const value = graph.valueSerde(options.value), { logged = true } = options;
  graph.store({ name: store, layout: "plain", key, value, logged });
  const edge = graph.operator({
    nameIfFree: name,
    prefix: "KTABLE-AGGREGATE",
    operator,
    parents: [moved],
    stores: [store],
    create: tableAggregate(store, aggregation),
  });
  const sources = [moved.node], getter = storeGetter(store);
  return { graph, sources, key, value, edge, keyChanged: false, store, getter };
}
