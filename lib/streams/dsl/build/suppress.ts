/**
 * Tables whose updates wait.
 *
 * @module
 */
import { suppress, suppressedGetter } from "../../operators/suppress.ts";
import { closesAfterMs } from "../../operators/windows.ts";
import { bufferedSerde } from "../../state/buffered_serde.ts";
import type { TableShape } from "./shape.ts";
import { withGetter } from "./tables.ts";

/** When updates leave, and how many may wait. */
export interface SuppressOptions {
  /** "windowCloses": one final result per key and window; "timeLimit": at most one update per key and `limitMs`. */
  readonly until: "windowCloses" | "timeLimit";
  /** For "timeLimit": how long after a key's first held update, in stream time. */
  readonly limitMs?: number;
  /** Most updates held at once. @default Infinity */
  readonly maxRecords?: number;
  /** Most bytes held at once, keys and values together. @default Infinity */
  readonly maxBytes?: number;
  /** What happens when there are more: the oldest leaves early, or the application stops. @default "emit" */
  readonly whenFull?: "emit" | "stop";
  /**
   * Session windows only: Kafka Streams emits a session at the very instant at which a record may still extend it, so
   * one session can come out twice; `true` waits a millisecond longer. @default false
   */
  readonly strict?: boolean;
}

/** @throws {TypeError} If windows are to be waited for and there are none, a limit is missing, or the table is versioned */
export function suppressed<K, V>(
  table: TableShape<K, V>,
  options: SuppressOptions,
  name: string | undefined,
): TableShape<K, V> {
  const { graph, sources, key, value, windows } = table;
  const { until, limitMs, strict = false, whenFull = "emit" } = options;
  const { maxRecords = Infinity, maxBytes = Infinity } = options;
  if (until !== "windowCloses" && until !== "timeLimit") {
    throw new TypeError(
      `Cannot hold back updates until "${until}" (use "windowCloses" or "timeLimit")`,
    );
  }
  if (until === "windowCloses" && !windows) {
    throw new TypeError(
      `Cannot wait until windows close: the table has none (use windowedBy before, or until: "timeLimit")`,
    );
  }
  if (until === "timeLimit" && limitMs === undefined) {
    throw new TypeError(`Cannot hold back updates: limitMs is missing (set limitMs)`);
  }
  if (table.versioned) {
    throw new TypeError(
      "Cannot hold back updates of a versioned table: a late update would take the place of a newer one " +
        "(leave out versionedMs)",
    );
  }
  table.sendOld?.(true);
  const parent = withGetter(table);
  const afterMs = until === "timeLimit" ? limitMs! : closesAfterMs(windows!);
  const node = name ?? graph.newName("KTABLE-SUPPRESS");
  const store = graph.store({
    ...{ name: `${node}-store`, layout: "plain", key, value: bufferedSerde(value), logged: true },
    internal: true,
  });
  const edge = graph.operator({
    name,
    nameIfFree: node,
    prefix: "KTABLE-SUPPRESS",
    operator: "suppress",
    parents: [parent.table.edge],
    stores: [store],
    readsValue: false,
    create: suppress(store, { until, afterMs, strict, maxRecords, maxBytes, whenFull, value }),
  });
  return {
    ...{ graph, sources, key, value, edge, keyChanged: false, ...(windows ? { windows } : {}) },
    getter: suppressedGetter(store, parent.getter),
  };
}
