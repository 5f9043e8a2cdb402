/**
 * Rows in a file: one SQLite database per task, in which rows, changelog offsets and stream times become durable
 * together. A restart needs only the end of the changelog.
 *
 * What is read and written often stays in memory, packed. The changelog is the truth, so the file may lag behind it:
 * rows become durable as seldom as keeps writing them at a small share of the time, and when the store is closed.
 *
 * @module
 */
import type { StoreSpec } from "../topology/store_spec.ts";
import { CachedRows } from "./cached_rows.ts";
import type { Checkpoint, RowStore, StoreProvider, TaskStorage } from "./row_store.ts";
import { makeFolder, SqliteFile } from "./sqlite_file.ts";
import { SqliteRows } from "./sqlite_rows.ts";

/** For one part of the time that rows are written to the file, so many parts go into other work. */
const REST = 20;

/** A task's database. A transaction is always open: what was not committed is gone after a crash, all at once. */
class SqliteStorage implements TaskStorage {
  readonly #file: SqliteFile;
  readonly #stores = new Map<string, CachedRows>();
  /** Committed, and not in the file yet. */
  #pending: Checkpoint | undefined;
  #writtenMs = -Infinity;
  #tookMs = 0;

  /** @param cacheBytes How much memory each of its stores may take now */
  constructor(path: string, readonly cacheBytes: () => number, readonly forget: () => void) {
    this.#file = new SqliteFile(path);
    this.#file.database.exec("BEGIN");
  }

  get damage(): string | undefined {
    return this.#file.damage;
  }

  /** How many stores there are. */
  get stores(): number {
    return this.#stores.size;
  }

  store(spec: StoreSpec): RowStore {
    let rows = this.#stores.get(spec.name);
    if (!rows) {
      rows = new CachedRows(new SqliteRows(this.#file, spec), spec, this.cacheBytes);
      this.#stores.set(spec.name, rows);
    }
    return rows;
  }

  checkpoint(): Checkpoint | undefined {
    if (this.#pending) return this.#pending;
    const json = this.#file.note();
    return json === undefined ? undefined : JSON.parse(json);
  }

  commit(checkpoint: Checkpoint): void {
    const all = [...this.#stores.values()];
    // Rows that are in the file already, ahead of its checkpoint, must not stay so.
    const isDue = all.some(({ isAhead }) => isAhead) ||
      performance.now() - this.#writtenMs >= REST * this.#tookMs;
    this.#pending = checkpoint;
    for (const rows of all) rows.isChanged = false;
    if (isDue) this.#write(checkpoint);
  }

  close(): void {
    try {
      const isChanged = [...this.#stores.values()].some((rows) => rows.isChanged);
      if (this.#pending && !isChanged) this.#write(this.#pending);
    } catch {
      // A disk that is full, or damaged: the rows are read again from the changelog.
    }
    this.#file.close();
    this.forget();
  }

  #write(checkpoint: Checkpoint): void {
    const beganMs = performance.now();
    for (const rows of this.#stores.values()) rows.flush();
    this.#file.commit(JSON.stringify(checkpoint));
    for (const rows of this.#stores.values()) rows.isAhead = false;
    this.#pending = undefined;
    this.#writtenMs = performance.now();
    this.#tookMs = this.#writtenMs - beganMs;
  }
}

/** Options of {@linkcode sqliteStores}. */
export interface SqliteOptions {
  /** Made where it is missing; each task keeps one file in it, which any SQLite tool opens. ":memory:" writes none. */
  readonly directory: string;
  /** How much of what is used often stays in memory, of all tasks together, about. @default 96 MB */
  readonly cacheBytes?: number;
}

/**
 * Keeps rows in SQLite files. One provider per process and folder.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sqliteStores } from "lib/streams/runtime/mod.ts";
 * const stores = sqliteStores({ directory: ":memory:" });
 * assert.equal(stores.open("0_1").checkpoint(), undefined);
 * ```
 */
export function sqliteStores(
  { directory, cacheBytes = 96 << 20 }: SqliteOptions,
): StoreProvider {
  const open = new Map<string, SqliteStorage>();
  const share = () => {
    let stores = 0;
    for (const storage of open.values()) stores += storage.stores;
    return cacheBytes / Math.max(1, stores);
  };
  return {
    open(task) {
      const file = directory === ":memory:" ? directory : `${directory}/${task}.sqlite`;
      let storage = open.get(task);
      if (!storage && directory !== ":memory:") makeFolder(directory);
      if (!storage) {
        storage = new SqliteStorage(file, share, () => open.delete(task));
        open.set(task, storage);
      }
      return storage;
    },
  };
}
