/**
 * Results in windows, of one grouped stream or of several.
 *
 * @module
 */
import type { Aggregation } from "../../operators/aggregate.ts";
import { pass } from "../../operators/filter.ts";
import type { Operator } from "../../operators/operator.ts";
import { sessionAggregate } from "../../operators/session_aggregate.ts";
import { slidingAggregate } from "../../operators/sliding_aggregate.ts";
import { windowAggregate } from "../../operators/window_aggregate.ts";
import { neededMs, type Windows } from "../../operators/windows.ts";
import type { Edge } from "../../topology/node.ts";
import type { Serde } from "../../../serde/mod.ts";
import type { WindowKeyFormat } from "../../topology/store_spec.ts";
import { type Windowed, windowed } from "../../topology/windowed_serde.ts";
import type { Grouping, ResultOptions, ResultSpec } from "./aggregate.ts";
import type { GraphBuilder } from "./graph_builder.ts";
import { sourcesOf, type TableShape } from "./shape.ts";
import { suppressed } from "./suppress.ts";
import { windowedGetter } from "./tables.ts";

const DAY_MS = 86_400_000;

/** How results in windows are kept, and when they leave. */
export interface WindowResultOptions<A> extends ResultOptions<A> {
  /**
   * How long rows stay, in stream time, counted from a window's start (a session's end); Infinity keeps them all.
   * @default as long as a record can still change them, and at least a day
   */
  readonly retentionMs?: number;
  /** How windowed keys are written, in the changelog and in topics that this goes to. @default "json" */
  readonly windowKey?: WindowKeyFormat;
  /**
   * "windowClose": one final result per key and window, when no record can change it any more. Every window comes out,
   * also one that stream time jumps over (Kafka Streams' `EmitStrategy.onWindowClose()` loses those); the last windows
   * of a partition wait for a later record. @default "update"
   */
  readonly emit?: "update" | "windowClose";
}

/** A table of results in windows, and the node that counts them. */
export interface WindowedShape<K, A> extends TableShape<Windowed<K>, A> {
  /** The node whose output "late" has what missed its window. */
  readonly counted: Edge;
}

/** The results of one grouped stream. */
export function windowResults<K, V, A>(
  grouping: Grouping<K, V>,
  windows: Windows,
  spec: ResultSpec<K, V, A, WindowResultOptions<A>>,
): WindowedShape<K, A> {
  const { graph } = grouping.shape, { options, operator, aggregation, looksAtValue } = spec;
  const store = spec.name ?? graph.newName("KSTREAM-AGGREGATE-STATE-STORE");
  const shape = grouping.moved(store);
  const kept = keepWindows(graph, { store, windows, key: shape.key, options });
  const edge = graph.operator({
    nameIfFree: spec.name,
    prefix: "KSTREAM-AGGREGATE",
    operator,
    parents: [shape.edge],
    stores: [store],
    readsValue: looksAtValue,
    create: windowOperator(store, windows, { aggregation, options, looksAtValue }),
  });
  return { ...emitted({ graph, edge, sources: shape.sources, ...kept }, options), counted: edge };
}

/** The results of several grouped streams that add to the same windows. */
export function cogroupedWindows<K, A>(
  graph: GraphBuilder,
  windows: Windows,
  { store, key, options, members }: {
    readonly store: string;
    readonly key: Serde<K>;
    readonly options: WindowResultOptions<A>;
    readonly members: readonly {
      readonly edge: Edge;
      readonly sources: readonly string[];
      // deno-lint-ignore no-explicit-any
      readonly aggregation: Aggregation<K, any, A>;
    }[];
  },
): TableShape<Windowed<K>, A> {
  const kept = keepWindows(graph, { store, windows, key, options });
  const parents = members.map(({ edge, aggregation }) =>
    graph.operator({
      prefix: "COGROUPKSTREAM-AGGREGATE",
      operator: "cogroup",
      parents: [edge],
      stores: [store],
      create: windowOperator(store, windows, { aggregation, options, looksAtValue: true }),
    })
  );
  const edge = graph.operator({
    nameIfFree: store,
    prefix: "COGROUPKSTREAM-MERGE",
    operator: "merge",
    parents,
    readsValue: false,
    create: pass(),
  });
  return emitted({ graph, edge, sources: sourcesOf(...members), ...kept }, options);
}

function windowOperator<K, V, A>(
  store: string,
  windows: Windows,
  { aggregation, options: { retentionMs }, looksAtValue }: {
    readonly aggregation: Aggregation<K, V, A>;
    readonly options: WindowResultOptions<A>;
    readonly looksAtValue: boolean;
  },
): () => Operator {
  const more = { looksAtValue, ...(retentionMs === undefined ? {} : { visibleMs: retentionMs }) };
  if (windows.kind === "time") return windowAggregate(store, windows, aggregation, more);
  if (windows.kind === "sliding") return slidingAggregate(store, windows, aggregation, more);
  const { merge } = aggregation;
  if (merge) return sessionAggregate(store, windows, { ...aggregation, merge }, more);
  throw new TypeError(
    `Cannot keep sessions in "${store}": sessions that grow together need a way to join their results (give merge)`,
  );
}

/** Adds the store of windows. @throws {RangeError} If rows would go before they are done with */
function keepWindows<K, A>(
  graph: GraphBuilder,
  { store, windows, key: bare, options }: {
    readonly store: string;
    readonly windows: Windows;
    readonly key: Serde<K>;
    readonly options: WindowResultOptions<A>;
  },
) {
  const { logged = true, windowKey: format = "json" } = options;
  const value = graph.valueSerde(options.value), session = windows.kind === "session";
  const sizeMs = windows.kind === "time"
    ? windows.sizeMs
    : windows.kind === "sliding"
    ? windows.differenceMs
    : 0;
  graph.store({
    ...{ name: store, layout: session ? "session" : "window", key: bare, value, logged, sizeMs },
    retentionMs: retention(store, windows, options.retentionMs),
    // A session takes records for as long as it may still grow.
    graceMs: windows.graceMs + (session ? windows.gapMs : 0),
    windowKey: format,
  });
  const key = windowed(bare, { format, sizeMs, session });
  return { key, value, store, windows, getter: windowedGetter(store, key, session) };
}

/** The table as it is, or with its updates held back until windows close. */
function emitted<K, A>(
  shape: Omit<TableShape<Windowed<K>, A>, "keyChanged"> & { readonly store: string },
  { emit = "update" }: WindowResultOptions<A>,
): TableShape<Windowed<K>, A> {
  const table = { ...shape, keyChanged: false };
  if (emit === "update") return table;
  // The ends of sessions and sliding windows belong to them: at that very instant a record may still come.
  const strict = shape.windows?.kind !== "time";
  const rule = { until: "windowCloses", strict } as const;
  return { ...suppressed(table, rule, `${shape.store}-final`), store: shape.store };
}

function retention(store: string, windows: Windows, retentionMs: number | undefined): number {
  if (windows.kind === "time" && windows.startMs !== undefined) return Infinity;
  const needed = neededMs(windows);
  if (retentionMs === undefined) return Math.max(needed, DAY_MS);
  if (retentionMs >= needed) return retentionMs;
  throw new RangeError(
    `Cannot keep windows of "${store}" for ${retentionMs} ms: records can change them for ${needed} ms (raise retentionMs)`,
  );
}
