/**
 * Reads the tables of a running worker as decoded values.
 *
 * @module
 */
import { windowedOf } from "../state/changelog_key.ts";
import { bareKey, timeOf } from "../state/layout.ts";
import type { Pair } from "../state/pair_serde.ts";
import type { Row } from "../state/row_store.ts";
import { type StateKey, toBytes } from "../state/state_key.ts";
import type { TaskStore } from "../state/task_store.ts";
import type { StoreSpec } from "../topology/store_spec.ts";
import { storeOf } from "../topology/topology.ts";
import { partitionForKey } from "../../kafka/mod.ts";
import type { WorkerContext } from "./context.ts";
import type { Worker } from "./worker.ts";

/** Task name of global tables, whose rows every worker has. */
export const GLOBAL = "global";

/** Where a key's row is. */
export interface KeyOwner {
  /** The task that has the key's partition, such as `1_0`. */
  readonly task: string;
  /** Whether the task runs in the worker that was asked. */
  readonly here: boolean;
  /** Where the task's worker answers queries; null where it does not, or the task is on its way. */
  readonly server: string | null;
}

/** One row of a table. */
export interface TableRow {
  /** The bare key, also of a windowed table. */
  readonly key: unknown;
  /** Epoch milliseconds; as Kafka Streams, `end` is the last record's time in sessions. */
  readonly window?: { readonly start: number; readonly end: number };
  /** Decoded. */
  readonly value: unknown;
  /** Epoch milliseconds of the record the value holds for. */
  readonly timestamp: number;
  /** The task that has it, such as `1_0`. */
  readonly task: string;
}

/**
 * The rows of a table that this worker has, task by task, in the order of their keys.
 *
 * Gotcha: with several workers each has the rows of its own tasks only; see {@link ownerOf}.
 *
 * @throws {RangeError} If the application has no such table
 */
export function* rowsOf(worker: Worker, table: string): Generator<TableRow> {
  storeOf(worker.context.topology, table);
  for (const { name, store } of storesOf(worker, table)) {
    for (const [key, row] of store.all()) yield rowOf(store.spec, key, row, name);
  }
}

/** The task that has a key of a table, and whether it runs here. @throws {RangeError} If there is no such table */
export function ownerOf(worker: Worker, table: string, key: unknown): KeyOwner {
  const { topology, partitions } = worker.context;
  const spec = storeOf(topology, table);
  const bytes = spec.key.encode(key, spec.topic ?? table);
  const [task, another] = bytes instanceof Promise || bytes === null
    ? []
    : tasksOfKey({ topology, partitions }, table, bytes);
  if (task === undefined || task === GLOBAL || another !== undefined) {
    throw new RangeError(
      `Cannot say who has a key of "${table}": no task alone has it, or its keys are not known at once`,
    );
  }
  const here = worker.tasks.running().some(({ name }) => name === task);
  return { task, here, server: worker.serverOf(task)?.url ?? null };
}

/**
 * The tasks that may have a key: the one of its partition; all of the sub-topology where a function of the application
 * chose the partitions.
 */
export function tasksOfKey(
  { topology: { nodes, stores, subTopologies }, partitions }: Pick<
    WorkerContext,
    "topology" | "partitions"
  >,
  table: string,
  key: Uint8Array,
): readonly string[] {
  if (stores.some(({ name, global }) => name === table && global)) return [GLOBAL];
  const sub = subTopologies.find((one) => one.stores.includes(table));
  if (!sub) return [];
  const count = Math.max(...sub.sourceTopics.map(partitions));
  const isChosen = nodes.some(({ sink }) =>
    sink?.partition && sub.sourceTopics.includes(sink.topic as string)
  );
  return isChosen
    ? Array.from({ length: count }, (_, partition) => `${sub.id}_${partition}`)
    : [`${sub.id}_${partitionForKey(key, count)}`];
}

/** The stores of a table that this worker has, and whose task each is. */
export function* storesOf(
  worker: Worker,
  table: string,
): Generator<{ name: string; store: TaskStore }> {
  const global = worker.context.globals.store(table);
  if (global) yield { name: GLOBAL, store: global };
  for (const { name, task } of worker.tasks.running()) {
    const store = task.stores.get(table);
    if (store) yield { name, store };
  }
}

/** A row as plain data; its value must be decoded. */
export function rowOf(spec: StoreSpec, key: StateKey, row: Row, task: string): TableRow {
  const { timestamp } = row, { layout } = spec;
  // A version is a pair of which the first is what holds; see `versionedTable`.
  const value = layout === "versioned" ? (row.value.value as Pair)[0].value : row.value.value;
  if (timeOf(layout, key) === undefined) {
    const bare = spec.key.decode(toBytes(bareKey(layout, key)), spec.topic ?? spec.name);
    return { key: bare, value, timestamp, task };
  }
  const { key: bare, start, end } = windowedOf(spec, key);
  return { key: bare, window: { start, end }, value, timestamp, task };
}
