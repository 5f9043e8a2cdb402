/**
 * Records grouped by key, ready for a running result.
 *
 * @module
 */
import type { Aggregation } from "../operators/aggregate.ts";
import {
  mustBeWindows,
  type SessionWindows,
  type SlidingWindows,
  type TimeWindows,
  type Windows,
} from "../operators/windows.ts";
import {
  aggregated,
  type Grouping,
  type ResultOptions,
  type ResultSpec,
} from "./build/aggregate.ts";
import { COUNT, reducing } from "./build/standard_aggregations.ts";
import type { Cogrouped } from "./cogrouped.ts";
import type { Table } from "./table.ts";
import type { SessionWindowed, TimeWindowed } from "./windowed_stream.ts";

/** A grouped stream. Records without a key are dropped; those without a value too, unless windows are counted. */
export class GroupedStream<K, V> {
  /** @internal */
  constructor(
    /** @internal */
    readonly grouping: Grouping<K, V>,
  ) {}

  /** Counts records per key. The name becomes that of the store and of its changelog topic. */
  count(name?: string, options: ResultOptions<number> = {}): Table<K, number> {
    return this.#table({
      ...{ operator: "count", name, aggregation: COUNT, options, looksAtValue: false },
    });
  }

  /** Combines each value with the result so far; the first value is the first result. Null deletes it. */
  reduce(
    name: string,
    reducer: (aggregate: NonNullable<V>, value: NonNullable<V>) => NonNullable<V> | null,
    options: ResultOptions<NonNullable<V>> = {},
  ): Table<K, NonNullable<V>> {
    const value = options.value ??
      this.grouping.shape.value as ResultOptions<NonNullable<V>>["value"];
    const aggregation = reducing<K, NonNullable<V>>(reducer);
    return this.#table({
      ...{ operator: "reduce", name, aggregation, looksAtValue: true },
      options: { ...options, ...(value ? { value } : {}) },
    });
  }

  /** Adds each value to a result that `init` begins. */
  aggregate<A>(
    name: string,
    aggregation: Aggregation<K, NonNullable<V>, A>,
    options: ResultOptions<A> = {},
  ): Table<K, A> {
    return this.#table({ operator: "aggregate", name, aggregation, options, looksAtValue: true });
  }

  /** Begins a result that several streams add to. */
  cogroup<A>(add: Aggregation<K, NonNullable<V>, A>["add"]): Cogrouped<K, A> {
    return this.grouping.shape.graph.fluent.cogrouped([{ grouping: this.grouping, add }]);
  }

  /** Cuts the stream into windows. */
  windowedBy(windows: TimeWindows | SlidingWindows): TimeWindowed<K, V>;
  /** Cuts the records of each key into sessions of activity. */
  windowedBy(windows: SessionWindows): SessionWindowed<K, V>;
  windowedBy(windows: Windows): TimeWindowed<K, V> | SessionWindowed<K, V> {
    return this.grouping.shape.graph.fluent.windowed(this.grouping, mustBeWindows(windows));
  }

  #table<W, A>(spec: ResultSpec<K, W, A, ResultOptions<A>>): Table<K, A> {
    const grouping = this.grouping as unknown as Grouping<K, W>;
    return grouping.shape.graph.fluent.table(aggregated(grouping, spec));
  }
}
