/**
 * Rows in memory until a task has too many of them; from then on in a file.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { StoreSpec } from "../topology/store_spec.ts";
import { memoryStores } from "./memory_store.ts";
import type { Checkpoint, Row, RowStore, StoreProvider, TaskStorage } from "./row_store.ts";
import { sqliteStores } from "./sqlite_store.ts";
import type { StateKey } from "./state_key.ts";

/** Options of {@linkcode spillingStores}. */
export interface SpillingOptions {
  /** Where files are made when they are needed, and looked for at the start. */
  readonly directory: string;
  /** How much memory rows may take, of all tasks together, about; a task above its share goes on in a file. */
  readonly memoryBytes: number;
  /** Called when a task goes on in a file. */
  readonly onSpill?: (task: string, bytes: number) => void;
}

/** What a row takes beside its key and value: objects, and its places in a Map. */
const ROW_BYTES = 200;

/** Rows of one store, wherever they are now. */
class MovableRows implements RowStore {
  #rows: RowStore;
  #puts = 0;
  #putBytes = 0;

  constructor(readonly spec: StoreSpec, rows: RowStore) {
    this.#rows = rows;
  }

  /** What it takes in memory, by the rows that were put. */
  get bytes(): number {
    return this.size * (ROW_BYTES + this.#putBytes / Math.max(1, this.#puts));
  }

  /** Copies all rows, and goes on there. */
  moveTo(rows: RowStore): void {
    for (const [key, row] of this.#rows.all()) rows.put(key, row);
    this.#rows = rows;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: StateKey): Row | undefined {
    return this.#rows.get(key);
  }

  put(key: StateKey, row: Row): void {
    this.#puts++;
    this.#putBytes += key.length + valueBytes(row);
    this.#rows.put(key, row);
  }

  delete(key: StateKey): void {
    this.#rows.delete(key);
  }

  clear(): void {
    this.#rows.clear();
  }

  range(from: StateKey, to: StateKey): Iterable<readonly [StateKey, Row]> {
    return this.#rows.range(from, to);
  }

  all(): Iterable<readonly [StateKey, Row]> {
    return this.#rows.all();
  }

  olderThan(timeMs: number): StateKey[] {
    return this.#rows.olderThan(timeMs);
  }
}

/** The value's size where it is known without encoding it. */
function valueBytes({ value }: Row): number {
  if (value.isPrimitive) return typeof value.value === "string" ? value.value.length : 8;
  return value.encodedLength ?? ROW_BYTES;
}

class SpillingStorage implements TaskStorage {
  #inner: TaskStorage;
  #isInMemory: boolean;
  readonly #stores = new Map<string, MovableRows>();

  constructor(
    inner: TaskStorage,
    isInMemory: boolean,
    /** Opens a file when the rows take so much; undefined while they may stay. */
    readonly spill: (bytes: number) => TaskStorage | undefined,
    readonly forget: () => void,
  ) {
    this.#inner = inner;
    this.#isInMemory = isInMemory;
  }

  get damage(): string | undefined {
    return this.#inner.damage;
  }

  store(spec: StoreSpec): RowStore {
    let rows = this.#stores.get(spec.name);
    if (!rows) {
      rows = new MovableRows(spec, this.#inner.store(spec));
      this.#stores.set(spec.name, rows);
    }
    return rows;
  }

  checkpoint(): Checkpoint | undefined {
    return this.#inner.checkpoint();
  }

  commit(checkpoint: Checkpoint): void {
    this.#inner.commit(checkpoint);
    if (!this.#isInMemory) return;
    let bytes = 0;
    for (const rows of this.#stores.values()) bytes += rows.bytes;
    const file = this.spill(bytes);
    if (!file) return;
    for (const rows of this.#stores.values()) rows.moveTo(file.store(rows.spec));
    file.commit(checkpoint);
    this.#inner.close({ dirty: true });
    this.#inner = file;
    this.#isInMemory = false;
  }

  close(options?: { readonly dirty?: boolean }): void {
    this.#inner.close(options);
    this.forget();
  }
}

/**
 * Keeps rows in memory, and those of a task that has too many in a SQLite file. A task whose file is there begins with
 * it. One provider per process and folder.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { spillingStores } from "lib/streams/runtime/mod.ts";
 * const stores = spillingStores({ directory: "tables", memoryBytes: 256 << 20 });
 * assert.equal(stores.open("0_1").checkpoint(), undefined);
 * ```
 */
export function spillingStores(
  { directory, memoryBytes, onSpill }: SpillingOptions,
): StoreProvider {
  const memory = memoryStores(), files = sqliteStores({ directory });
  const open = new Map<string, TaskStorage>();
  return {
    open(task) {
      const known = open.get(task);
      if (known) return known;
      const spill = (bytes: number) => {
        if (bytes * open.size <= memoryBytes) return undefined;
        onSpill?.(task, bytes);
        return files.open(task);
      };
      const isInMemory = !existsSync(`${directory}/${task}.sqlite`);
      const inner = (isInMemory ? memory : files).open(task);
      const storage = new SpillingStorage(inner, isInMemory, spill, () => open.delete(task));
      open.set(task, storage);
      return storage;
    },
  };
}
