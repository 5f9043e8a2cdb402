/**
 * Tables whose updates wait.
 *
 * @module
 */
import { suppress, suppressedGetter } from "../operators/suppress.ts";
import { closesAfterMs } from "../operators/windows.ts";
import { bufferedSerde } from "../state/buffered_serde.ts";
import { Table, withGetter } from "./table.ts";

/** When updates leave, and how many may wait. */
export interface SuppressOptions {
  /** "windowCloses": one final result per key and window; "timeLimit": at most one update per key and `limitMs`. */
  readonly until: "windowCloses" | "timeLimit";
  /** For "timeLimit": how long after a key's first held update, in stream time. */
  readonly limitMs?: number;
  /** Most updates held at once. @default Infinity */
  readonly maxRecords?: number;
  /** What happens when there are more: the oldest leaves early, or the application stops. @default "emit" */
  readonly whenFull?: "emit" | "stop";
  /**
   * Session windows only: Kafka Streams emits a session at the very instant at which a record may still extend it, so
   * one session can come out twice; `true` waits a millisecond longer. @default false
   */
  readonly strict?: boolean;
}

/** @throws {TypeError} If windows are to be waited for and there are none, or a limit is missing */
export function suppressed<K, V>(
  table: Table<K, V>,
  options: SuppressOptions,
  name: string | undefined,
): Table<K, V> {
  const { graph, sources, key, value, windows, sendOld } = table.shape;
  const { until, limitMs, strict = false, maxRecords = Infinity, whenFull = "emit" } = options;
  if (until === "windowCloses" && !windows) {
    throw new TypeError(
      `Cannot wait until windows close: the table has none (use windowedBy before, or until: "timeLimit")`,
    );
  }
  if (until === "timeLimit" && limitMs === undefined) {
    throw new TypeError(`Cannot hold back updates: limitMs is missing (set limitMs)`);
  }
  if (table.shape.versioned) {
    throw new TypeError(
      "Cannot hold back updates of a versioned table: a late update would take the place of a newer one " +
        "(leave out versionedMs)",
    );
  }
  sendOld?.(true);
  const parent = withGetter(table);
  const afterMs = until === "timeLimit" ? limitMs! : closesAfterMs(windows!);
  const node = name ?? graph.newName("KTABLE-SUPPRESS");
  const store = graph.store({
    name: `${node}-store`,
    layout: "plain",
    key,
    value: bufferedSerde(value),
    logged: true,
    internal: true,
  });
  const edge = graph.operator({
    name: node,
    prefix: "KTABLE-SUPPRESS",
    operator: "suppress",
    parents: [parent.table.shape.edge],
    stores: [store],
    readsValue: false,
    create: suppress(store, { until, afterMs, strict, maxRecords, whenFull }),
  });
  return new Table({
    graph,
    sources,
    key,
    value,
    edge,
    keyChanged: false,
    ...(windows ? { windows } : {}),
    getter: suppressedGetter(store, parent.getter),
  });
}
