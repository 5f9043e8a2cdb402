/**
 * Grouped streams cut into windows.
 *
 * @module
 */
import type { Aggregation } from "../operators/aggregate.ts";
import type { Late } from "../operators/late.ts";
import type { Operator } from "../operators/operator.ts";
import { sessionAggregate } from "../operators/session_aggregate.ts";
import { slidingAggregate } from "../operators/sliding_aggregate.ts";
import { windowAggregate } from "../operators/window_aggregate.ts";
import {
  neededMs,
  type SessionWindows,
  type SlidingWindows,
  type TimeWindows,
  type Windows,
} from "../operators/windows.ts";
import { json } from "../../serde/mod.ts";
import type { WindowKeyFormat } from "../topology/store_spec.ts";
import { type Windowed, windowed } from "../topology/windowed_serde.ts";
import type { GroupedStream, ResultOptions } from "./grouped_stream.ts";
import { orJson } from "./shape.ts";
import { COUNT, reducing } from "./standard_aggregations.ts";
import { Stream } from "./stream.ts";
import { Table, type TableShape } from "./table.ts";
import { windowedGetter } from "./table_from.ts";

const DAY_MS = 86_400_000;

/** How results in windows are kept. */
export interface WindowResultOptions<A> extends ResultOptions<A> {
  /**
   * How long rows stay, in stream time, counted from a window's start (a session's end); Infinity keeps them all.
   * @default as long as a record can still change them, and at least a day
   */
  readonly retentionMs?: number;
  /** How windowed keys are written, in the changelog and in topics that this goes to. @default "json" */
  readonly windowKey?: WindowKeyFormat;
}

/** A table of results in windows; its keys are `{ key, start, end }`. */
export class WindowedTable<K, V, A> extends Table<Windowed<K>, A> {
  /** @internal */
  constructor(
    shape: TableShape<Windowed<K>, A>,
    /** @internal */
    readonly grouped: GroupedStream<K, V>,
  ) {
    super(shape);
  }

  /** The records that came after their window had closed: one for each window a record missed. */
  get late(): Stream<K, Late<V>> {
    const { graph, sources, edge } = this.shape;
    graph.amend(edge.node, { readsValue: true });
    const { key } = this.grouped.shape;
    const late = { node: edge.node, output: "late" };
    return new Stream({
      graph,
      sources,
      edge: late,
      key,
      value: json<Late<V>>(),
      keyChanged: false,
    });
  }
}

/** A grouped stream in tumbling, hopping or sliding windows. */
export class TimeWindowed<K, V> {
  /** @internal */
  constructor(
    /** @internal */
    readonly grouped: GroupedStream<K, V>,
    /** The windows that it counts in. */
    readonly windows: TimeWindows | SlidingWindows,
  ) {}

  /** Counts records per key and window. */
  count(name?: string, options: WindowResultOptions<number> = {}): WindowedTable<K, V, number> {
    return this.#results("count", name, COUNT, options, false);
  }

  /** Combines each value with the window's result so far. */
  reduce(
    name: string,
    reducer: (aggregate: V, value: V) => V | null,
    options: WindowResultOptions<V> = {},
  ): WindowedTable<K, V, V> {
    const value = options.value ?? this.grouped.shape.value;
    return this.#results("reduce", name, reducing<K, V>(reducer), { ...options, value }, true);
  }

  /** Adds each value to the window's result. */
  aggregate<A>(
    name: string,
    aggregation: Aggregation<K, V, A>,
    options: WindowResultOptions<A> = {},
  ): WindowedTable<K, V, A> {
    return this.#results("aggregate", name, aggregation, options, true);
  }

  #results<A>(
    operator: string,
    name: string | undefined,
    aggregation: Aggregation<K, V, A>,
    options: WindowResultOptions<A>,
    looksAtValue: boolean,
  ): WindowedTable<K, V, A> {
    const { windows } = this;
    return windowResults(
      this.grouped,
      { name, operator, windows, options, looksAtValue },
      (store) => {
        const more = { looksAtValue, ...visible(options) };
        return windows.kind === "time"
          ? windowAggregate(store, windows, aggregation, more)
          : slidingAggregate(store, windows, aggregation, more);
      },
    );
  }
}

/** A grouped stream in sessions. */
export class SessionWindowed<K, V> {
  /** @internal */
  constructor(
    /** @internal */
    readonly grouped: GroupedStream<K, V>,
    /** The gap that ends a session. */
    readonly windows: SessionWindows,
  ) {}

  /** Counts records per key and session. */
  count(name?: string, options: WindowResultOptions<number> = {}): WindowedTable<K, V, number> {
    return this.#results("count", name, COUNT, options, false);
  }

  /** Combines each value with the session's result so far. */
  reduce(
    name: string,
    reducer: (aggregate: V, value: V) => V | null,
    options: WindowResultOptions<V> = {},
  ): WindowedTable<K, V, V> {
    const value = options.value ?? this.grouped.shape.value;
    return this.#results("reduce", name, reducing<K, V>(reducer), { ...options, value }, true);
  }

  /** Adds each value to the session's result; `merge` joins the results of sessions that grow together. */
  aggregate<A>(
    name: string,
    aggregation: SessionAggregation<K, V, A>,
    options: WindowResultOptions<A> = {},
  ): WindowedTable<K, V, A> {
    return this.#results("aggregate", name, aggregation, options, true);
  }

  #results<A>(
    operator: string,
    name: string | undefined,
    aggregation: SessionAggregation<K, V, A>,
    options: WindowResultOptions<A>,
    looksAtValue: boolean,
  ): WindowedTable<K, V, A> {
    const { windows } = this;
    return windowResults(
      this.grouped,
      { name, operator, windows, options, looksAtValue },
      (store) =>
        sessionAggregate(store, windows, aggregation, { looksAtValue, ...visible(options) }),
    );
  }
}

/** An aggregation whose results can be joined. */
export type SessionAggregation<K, V, A> = Required<
  Pick<Aggregation<K, V, A>, "init" | "add" | "merge">
>;

function visible<A>(options: WindowResultOptions<A>) {
  const { retentionMs } = options;
  return retentionMs === undefined ? {} : { visibleMs: retentionMs };
}

function windowResults<K, V, A>(
  grouped: GroupedStream<K, V>,
  spec: {
    readonly name: string | undefined;
    readonly operator: string;
    readonly windows: Windows;
    readonly options: WindowResultOptions<A>;
    readonly looksAtValue: boolean;
  },
  create: (store: string) => () => Operator,
): WindowedTable<K, V, A> {
  const { windows, options } = spec;
  const { graph } = grouped.shape;
  const store = spec.name ?? graph.newName("KSTREAM-AGGREGATE-STATE-STORE");
  const shape = grouped.moved(store);
  const value = orJson(options.value);
  const session = windows.kind === "session";
  const sizeMs = windows.kind === "time"
    ? windows.sizeMs
    : windows.kind === "sliding"
    ? windows.differenceMs
    : 0;
  const format = options.windowKey ?? "json";
  graph.store({
    name: store,
    layout: session ? "session" : "window",
    key: shape.key,
    value,
    logged: options.logged ?? true,
    sizeMs,
    retentionMs: retention(store, windows, options.retentionMs),
    windowKey: format,
  });
  const edge = graph.operator({
    prefix: "KSTREAM-AGGREGATE",
    operator: spec.operator,
    parents: [shape.edge],
    stores: [store],
    readsValue: spec.looksAtValue,
    create: create(store),
  });
  const key = windowed(shape.key, { format, sizeMs, session });
  const getter = windowedGetter(store, key, session);
  const { sources } = shape;
  return new WindowedTable(
    { graph, sources, key, value, edge, keyChanged: false, store, windows, getter },
    grouped,
  );
}

/** @throws {RangeError} If rows would go before they are done with */
function retention(store: string, windows: Windows, retentionMs: number | undefined): number {
  const needed = neededMs(windows);
  if (retentionMs === undefined) return Math.max(needed, DAY_MS);
  if (retentionMs >= needed) return retentionMs;
  throw new RangeError(
    `Cannot keep windows of "${store}" for ${retentionMs} ms: records can change them for ${needed} ms (raise retentionMs)`,
  );
}
