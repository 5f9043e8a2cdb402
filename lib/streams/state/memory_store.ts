/**
 * Rows in memory: a Map, and sorted keys from the first time somebody asks for a range.
 *
 * @module
 */
import type { StoreSpec } from "../topology/store_spec.ts";
import { timeOf } from "./layout.ts";
import { OrderedKeys } from "./ordered_keys.ts";
import type { Checkpoint, Row, RowStore, StoreProvider, TaskStorage } from "./row_store.ts";
import { type StateKey, timeKey } from "./state_key.ts";

/** Rows of one store. */
export class MemoryRows implements RowStore {
  readonly #rows = new Map<StateKey, Row>();
  readonly #spec: StoreSpec;
  #order: OrderedKeys | undefined;
  #byTime: OrderedKeys | undefined;
  /** Whether rows changed since this was last set to false. */
  changed = false;

  constructor(spec: StoreSpec) {
    this.#spec = spec;
    const expires = spec.layout !== "versioned" && (spec.retentionMs ?? Infinity) !== Infinity;
    this.#byTime = expires ? new OrderedKeys() : undefined;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: StateKey): Row | undefined {
    return this.#rows.get(key);
  }

  put(key: StateKey, row: Row): void {
    this.changed = true;
    if ((this.#order || this.#byTime) && !this.#rows.has(key)) {
      this.#order?.add(key);
      this.#byTime?.add(this.#timed(key));
    }
    this.#rows.set(key, row);
  }

  delete(key: StateKey): void {
    this.changed = true;
    if (!this.#rows.delete(key)) return;
    this.#order?.delete(key);
    this.#byTime?.delete(this.#timed(key));
  }

  clear(): void {
    this.changed ||= this.#rows.size > 0;
    this.#rows.clear();
    this.#order = undefined;
    this.#byTime &&= new OrderedKeys();
  }

  *range(from: StateKey, to: StateKey): Iterable<readonly [StateKey, Row]> {
    for (const key of this.#sorted().range(from, to)) {
      const row = this.#rows.get(key);
      if (row) yield [key, row];
    }
  }

  *all(): Iterable<readonly [StateKey, Row]> {
    for (const key of this.#sorted().all()) {
      const row = this.#rows.get(key);
      if (row) yield [key, row];
    }
  }

  olderThan(timeMs: number): StateKey[] {
    if (!this.#byTime || timeMs <= 0) return [];
    const limit = timeKey(timeMs);
    if ((this.#byTime.first ?? limit) >= limit) return [];
    return this.#byTime.range("", limit).map((key) => key.slice(8));
  }

  #sorted(): OrderedKeys {
    return this.#order ??= new OrderedKeys(this.#rows.keys());
  }

  #timed(key: StateKey): StateKey {
    return timeKey(timeOf(this.#spec.layout, key) ?? 0) + key;
  }
}

/** A task's rows in memory. */
class MemoryStorage implements TaskStorage {
  #stores = new Map<string, MemoryRows>();
  #checkpoint: Checkpoint | undefined;

  store(spec: StoreSpec): RowStore {
    let rows = this.#stores.get(spec.name);
    if (!rows) this.#stores.set(spec.name, rows = new MemoryRows(spec));
    return rows;
  }

  checkpoint(): Checkpoint | undefined {
    return this.#checkpoint;
  }

  commit(checkpoint: Checkpoint): void {
    this.#checkpoint = checkpoint;
    for (const rows of this.#stores.values()) rows.changed = false;
  }

  close(options: { readonly dirty?: boolean } = {}): void {
    // A Map cannot undo: one change that was not committed makes all of it worthless.
    const changed = [...this.#stores.values()].some((rows) => rows.changed);
    if (!options.dirty && !changed) return;
    this.#stores = new Map();
    this.#checkpoint = undefined;
  }
}

/**
 * Keeps rows in memory. One provider per process: a task that comes back finds its rows and where they stand in the changelog.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { memoryStores } from "lib/streams/mod.ts";
 * assert.equal(memoryStores().open("0_1").checkpoint(), undefined);
 * ```
 */
export function memoryStores(): StoreProvider {
  const tasks = new Map<string, TaskStorage>();
  return {
    open(task) {
      let storage = tasks.get(task);
      if (!storage) tasks.set(task, storage = new MemoryStorage());
      return storage;
    },
  };
}
