/**
 * Running results of grouped streams, kept in a store and emitted at every update.
 *
 * @module
 */
import { aggregate, type Aggregation } from "../../operators/aggregate.ts";
import { storeGetter } from "../../operators/table_getter.ts";
import type { Serde } from "../../../serde/mod.ts";
import { repartitioned } from "./repartition.ts";
import type { Shape, TableShape } from "./shape.ts";

/** How a result is kept. */
export interface ResultOptions<A> {
  /** How results are written. @default the application's, else json() */
  readonly value?: Serde<A>;
  /** Whether changes go to `<app>-<name>-changelog`. @default true */
  readonly logged?: boolean;
}

/** A stream that was grouped. */
export class Grouping<K, V> {
  #moved: Shape<K, V> | undefined;

  constructor(
    readonly shape: Shape<K, V>,
    readonly options: {
      readonly name?: string | undefined;
      readonly partitions?: number | undefined;
    },
  ) {}

  /** The stream on the partitions of its key; one repartition topic for all results of this grouping. */
  moved(storeName: string): Shape<K, V> {
    if (!this.shape.keyChanged) return this.shape;
    const { name = storeName, partitions } = this.options;
    return this.#moved ??= repartitioned(this.shape, { name, partitions, dropNullKeys: true });
  }
}

/** What a result is. */
export interface ResultSpec<K, V, A, O> {
  /** The DSL's word for it. */
  readonly operator: string;
  readonly name: string | undefined;
  readonly aggregation: Aggregation<K, V, A>;
  readonly options: O;
  /** Whether the values are looked at: a count does not. */
  readonly looksAtValue: boolean;
}

/** One running result per key. */
export function aggregated<K, V, A>(
  grouping: Grouping<K, V>,
  { operator, name, aggregation, options, looksAtValue }: ResultSpec<K, V, A, ResultOptions<A>>,
): TableShape<K, A> {
  const { graph } = grouping.shape;
  const store = name ?? graph.newName("KSTREAM-AGGREGATE-STATE-STORE");
  const shape = grouping.moved(store);
  const value = graph.valueSerde(options.value), { logged = true } = options;
  graph.store({ name: store, layout: "plain", key: shape.key, value, logged });
  const edge = graph.operator({
    nameIfFree: name,
    prefix: "KSTREAM-AGGREGATE",
    operator,
    parents: [shape.edge],
    stores: [store],
    readsValue: looksAtValue,
    create: aggregate(store, aggregation, { looksAtValue }),
  });
  return { ...shape, edge, value, store, getter: storeGetter(store) };
}
