/**
 * Reads the tables of a running worker as decoded values.
 *
 * @module
 */
import { windowedOf } from "../state/changelog_key.ts";
import { timeOf } from "../state/layout.ts";
import type { Row } from "../state/row_store.ts";
import type { StateKey } from "../state/state_key.ts";
import type { TaskStore } from "../state/task_store.ts";
import { storeOf } from "../topology/topology.ts";
import { partitionForKey } from "../../kafka/mod.ts";
import type { Worker } from "./worker.ts";

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
    for (const [key, row] of store.all()) yield rowOf(store, key, row, name);
  }
}

/** The task that has a key of a table, and whether it runs here. @throws {RangeError} If there is no such table */
export function ownerOf(
  worker: Worker,
  table: string,
  key: unknown,
): { readonly task: string; readonly here: boolean } {
  const { topology, partitions } = worker.context;
  const spec = storeOf(topology, table);
  const sub = topology.subTopologies.find(({ stores }) => stores.includes(table));
  const bytes = spec.key.encode(key, spec.topic ?? table);
  if (!sub || bytes instanceof Promise || bytes === null) {
    throw new RangeError(`Cannot say who has a key of "${table}": its keys are not known at once`);
  }
  const count = Math.max(...sub.sourceTopics.map(partitions));
  const task = `${sub.id}_${partitionForKey(bytes, count)}`;
  return { task, here: worker.tasks.running().some(({ name }) => name === task) };
}

/** The stores of a table that this worker has, and whose task each is. */
export function* storesOf(
  worker: Worker,
  table: string,
): Generator<{ name: string; store: TaskStore }> {
  const global = worker.context.globals.store(table);
  if (global) yield { name: "global", store: global };
  for (const { name, task } of worker.tasks.running()) {
    const store = task.stores.get(table);
    if (store) yield { name, store };
  }
}

/** A row as plain data. */
export function rowOf(store: TaskStore, key: StateKey, row: Row, task: string): TableRow {
  const { spec } = store, { timestamp } = row, value = row.value.value;
  if (timeOf(spec.layout, key) === undefined) {
    return { key: store.decodeKey(key), value, timestamp, task };
  }
  const { key: bare, start, end } = windowedOf(spec, key);
  return { key: bare, window: { start, end }, value, timestamp, task };
}
