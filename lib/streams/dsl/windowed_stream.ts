/**
 * Grouped streams cut into windows.
 *
 * @module
 */
import type { Aggregation } from "../operators/aggregate.ts";
import type { Late } from "../operators/late.ts";
import type { SessionWindows, SlidingWindows, TimeWindows, Windows } from "../operators/windows.ts";
import { json, type Serde } from "../../serde/mod.ts";
import type { Windowed } from "../topology/windowed_serde.ts";
import type { Grouping, ResultSpec } from "./build/aggregate.ts";
import { COUNT, reducing } from "./build/standard_aggregations.ts";
import { type WindowResultOptions, windowResults } from "./build/windows.ts";
import type { Stream } from "./stream.ts";
import type { Table } from "./table.ts";

/** A table of results in windows, whose keys are `{ key, start, end }`, and the records that came too late for them. */
export type WindowedTable<K, V, A> = Table<Windowed<K>, A> & {
  /** The records that came after their window had closed: one for each window a record missed. */
  readonly late: Stream<K, Late<V>>;
};

/** A grouped stream in tumbling, hopping, sliding or unlimited windows. */
export class TimeWindowed<K, V, W extends Windows = TimeWindows | SlidingWindows> {
  /** @internal */
  constructor(
    /** @internal */
    readonly grouping: Grouping<K, V>,
    /** The windows that it counts in. */
    readonly windows: W,
  ) {}

  /** Counts records per key and window. */
  count(name?: string, options: WindowResultOptions<number> = {}): WindowedTable<K, V, number> {
    return windowed(this.grouping, this.windows, counting<K, V>(name, options));
  }

  /** Combines each value with the window's result so far. */
  reduce(
    name: string,
    reducer: (aggregate: V, value: V) => V | null,
    options: WindowResultOptions<NonNullable<V>> = {},
  ): WindowedTable<K, V, NonNullable<V>> {
    return windowed(this.grouping, this.windows, combining(this.grouping, name, reducer, options));
  }

  /** Adds each value to the window's result. */
  aggregate<A>(
    name: string,
    aggregation: Aggregation<K, V, A>,
    options: WindowResultOptions<A> = {},
  ): WindowedTable<K, V, A> {
    const spec = { operator: "aggregate", name, aggregation, options, looksAtValue: true };
    return windowed(this.grouping, this.windows, spec);
  }
}

/** An aggregation whose results can be joined. */
export type SessionAggregation<K, V, A> = Required<
  Pick<Aggregation<K, V, A>, "init" | "add" | "merge">
>;

/** A grouped stream in sessions. */
export class SessionWindowed<K, V> extends TimeWindowed<K, V, SessionWindows> {
  /** Adds each value to the session's result; `merge` joins the results of sessions that grow together. */
  override aggregate<A>(
    name: string,
    aggregation: SessionAggregation<K, V, A>,
    options: WindowResultOptions<A> = {},
  ): WindowedTable<K, V, A> {
    return super.aggregate(name, aggregation, options);
  }
}

type Spec<K, V, A> = ResultSpec<K, V, A, WindowResultOptions<A>>;

function counting<K, V>(
  name: string | undefined,
  options: WindowResultOptions<number>,
): Spec<K, V, number> {
  return { operator: "count", name, aggregation: COUNT, options, looksAtValue: false };
}

function combining<K, V>(
  grouping: Grouping<K, V>,
  name: string,
  reducer: (aggregate: V, value: V) => V | null,
  options: WindowResultOptions<NonNullable<V>>,
): Spec<K, V, NonNullable<V>> {
  const aggregation = reducing<K, V>(reducer) as unknown as Aggregation<K, V, NonNullable<V>>;
  const value = options.value ?? grouping.shape.value as unknown as Serde<NonNullable<V>>;
  const kept = { ...options, value };
  return { operator: "reduce", name, aggregation, options: kept, looksAtValue: true };
}

/** The table of the results, with its way out for what is late. */
function windowed<K, V, A>(
  grouping: Grouping<K, V>,
  windows: Windows,
  spec: Spec<K, V, A>,
): WindowedTable<K, V, A> {
  const shape = windowResults(grouping, windows, spec), { graph, sources, counted } = shape;
  const table = graph.fluent.table(shape);
  Object.defineProperty(table, "late", {
    get: () => {
      graph.amend(counted.node, { readsValue: true });
      return graph.fluent.stream({
        ...{ graph, sources, key: grouping.shape.key, value: json<Late<V>>(), keyChanged: false },
        edge: { node: counted.node, output: "late" },
      });
    },
  });
  return table as WindowedTable<K, V, A>;
}
