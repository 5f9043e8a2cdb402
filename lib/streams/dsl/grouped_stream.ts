/**
 * Records grouped by key, ready for a running result.
 *
 * @module
 */
import { aggregate, type Aggregation } from "../operators/aggregate.ts";
import { storeGetter } from "../operators/table_getter.ts";
import type { SessionWindows, SlidingWindows, TimeWindows, Windows } from "../operators/windows.ts";
import type { Serde } from "../../serde/mod.ts";
import { Cogrouped } from "./cogrouped.ts";
import { repartitioned } from "./repartition.ts";
import { orJson, type Shape } from "./shape.ts";
import { COUNT, reducing } from "./standard_aggregations.ts";
import { Table } from "./table.ts";
import { SessionWindowed, TimeWindowed } from "./windowed_stream.ts";

/** How a result is kept. */
export interface ResultOptions<A> {
  /** How results are written. @default json() */
  readonly value?: Serde<A>;
  /** Whether changes go to `<app>-<name>-changelog`. @default true */
  readonly logged?: boolean;
}

/** A grouped stream. */
export class GroupedStream<K, V> {
  #moved: Shape<K, V> | undefined;

  /** @internal */
  constructor(
    /** @internal */
    readonly shape: Shape<K, V>,
    /** @internal */
    readonly grouping: {
      readonly name?: string | undefined;
      readonly partitions?: number | undefined;
    },
  ) {}

  /** Counts records per key. The name becomes that of the store and of its changelog topic. */
  count(name?: string, options: ResultOptions<number> = {}): Table<K, number> {
    return this.#aggregate("count", name, COUNT, options, false);
  }

  /** Combines each value with the result so far; the first value is the first result. */
  reduce(
    name: string,
    reducer: (aggregate: V, value: V) => V | null,
    options: ResultOptions<V> = {},
  ): Table<K, V> {
    const value = options.value ?? this.shape.value;
    return this.#aggregate("reduce", name, reducing(reducer), { ...options, value }, true);
  }

  /** Adds each value to a result that `init` begins. */
  aggregate<A>(
    name: string,
    aggregation: Aggregation<K, V, A>,
    options: ResultOptions<A> = {},
  ): Table<K, A> {
    return this.#aggregate("aggregate", name, aggregation, options, true);
  }

  /** Begins a result that several streams add to. */
  cogroup<A>(add: Aggregation<K, V, A>["add"]): Cogrouped<K, A> {
    return new Cogrouped<K, A>([]).cogroup(this, add);
  }

  /** Cuts the stream into windows. */
  windowedBy(windows: TimeWindows | SlidingWindows): TimeWindowed<K, V>;
  /** Cuts the records of each key into sessions of activity. */
  windowedBy(windows: SessionWindows): SessionWindowed<K, V>;
  windowedBy(windows: Windows): TimeWindowed<K, V> | SessionWindowed<K, V> {
    return windows.kind === "session"
      ? new SessionWindowed(this, windows)
      : new TimeWindowed(this, windows);
  }

  /**
   * The stream on the partitions of its key; one repartition topic for all results of this grouping.
   *
   * @internal
   */
  moved(storeName: string): Shape<K, V> {
    if (!this.shape.keyChanged) return this.shape;
    const { name = storeName, partitions } = this.grouping;
    return this.#moved ??= repartitioned(this.shape, { name, partitions, dropNullKeys: true });
  }

  #aggregate<A>(
    operator: string,
    name: string | undefined,
    aggregation: Aggregation<K, V, A>,
    options: ResultOptions<A>,
    looksAtValue: boolean,
  ): Table<K, A> {
    const { graph } = this.shape;
    const store = name ?? graph.newName("KSTREAM-AGGREGATE-STATE-STORE");
    const shape = this.moved(store);
    const value = orJson(options.value), { logged = true } = options;
    graph.store({ name: store, layout: "plain", key: shape.key, value, logged });
    const edge = graph.operator({
      prefix: "KSTREAM-AGGREGATE",
      operator,
      parents: [shape.edge],
      stores: [store],
      readsValue: looksAtValue,
      create: aggregate(store, aggregation, { looksAtValue }),
    });
    return new Table({ ...shape, edge, value, store, getter: storeGetter(store) });
  }
}
