/**
 * Where rows live: in memory, or in a file. Synchronous on purpose, so that a record's processing never interleaves.
 *
 * @module
 */
import type { StoreSpec } from "../topology/store_spec.ts";
import type { EncodedValue } from "./encoded_value.ts";
import type { StateKey } from "./state_key.ts";

/** A value and the time it holds. */
export interface Row {
  /** In bytes, decoded, or both. */
  // deno-lint-ignore no-explicit-any
  readonly value: EncodedValue<any>;
  /** Event time, Unix epoch ms. */
  readonly timestamp: number;
}

/** Rows by key, in byte order. */
export interface RowStore {
  /** The row of a key; undefined where there is none. */
  get(key: StateKey): Row | undefined;
  /** Adds the row, or takes the place of the one with this key. */
  put(key: StateKey, row: Row): void;
  /** Does nothing where there is no row. */
  delete(key: StateKey): void;
  /** Deletes every row. */
  clear(): void;
  /** Rows with `from <= key < to`, ascending; the store may change while they are read. */
  range(from: StateKey, to: StateKey): Iterable<readonly [StateKey, Row]>;
  /** Every row, ascending. */
  all(): Iterable<readonly [StateKey, Row]>;
  /** Keys whose time (see `timeOf`) is below `timeMs`, oldest first. */
  olderThan(timeMs: number): StateKey[];
  /** How many rows there are. */
  readonly size: number;
}

/** What a task's storage held when it was last committed. */
export interface Checkpoint {
  /** Changelog topic -> next offset to restore from. */
  readonly offsets: Readonly<Record<string, number>>;
  /** The task's stream times; see `Task.metadata`. */
  readonly metadata: string;
}

/** All stores of one task. What it cannot do because of its disk it refuses with a {@link StoreError}. */
export interface TaskStorage {
  /** Why existing rows were discarded when it was opened. @default they were not */
  readonly damage?: string | undefined;
  /** The rows of one of the task's stores. */
  store(spec: StoreSpec): RowStore;
  /** What the rows correspond to, or undefined when they are empty or unknown. */
  checkpoint(): Checkpoint | undefined;
  /** Makes all changes so far durable together with the checkpoint. */
  commit(checkpoint: Checkpoint): void;
  /** Closes the rows. `dirty` forgets what was not committed. */
  close(options?: { readonly dirty?: boolean }): void;
}

/** Opens the storage of a task, by the task's name. */
export interface StoreProvider {
  /** Opens what a task kept; empty at its first start. */
  open(task: string): TaskStorage;
}
