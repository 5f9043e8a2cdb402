/**
 * Rows in a file: one SQLite database per task, in which rows, changelog offsets and stream times become durable
 * together. A restart needs only the end of the changelog.
 *
 * @module
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import type { StoreSpec } from "../topology/store_spec.ts";
import { Datum } from "./datum.ts";
import { timeOf } from "./layout.ts";
import type { Checkpoint, Row, RowStore, StoreProvider, TaskStorage } from "./row_store.ts";
import { type StateKey, toBytes, toStateKey } from "./state_key.ts";

/** A row as SQLite gives it. */
interface SqlRow {
  readonly k: Uint8Array;
  readonly v: Uint8Array;
  readonly ts: number;
}

/** Rows of one store. */
class SqliteRows implements RowStore {
  readonly #spec: StoreSpec;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #range: StatementSync;
  readonly #all: StatementSync;
  readonly #older: StatementSync;
  readonly #count: StatementSync;

  constructor(database: DatabaseSync, spec: StoreSpec) {
    this.#spec = spec;
    const table = `"store ${spec.name.replaceAll('"', "")}"`;
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${table} (k BLOB PRIMARY KEY, v BLOB NOT NULL, ts INTEGER NOT NULL, t INTEGER) WITHOUT ROWID`,
    );
    if (timeOf(spec.layout, "\0".repeat(16)) !== undefined) {
      const index = table.replace("store", "time of");
      database.exec(`CREATE INDEX IF NOT EXISTS ${index} ON ${table} (t)`);
    }
    this.#get = database.prepare(`SELECT k, v, ts FROM ${table} WHERE k = ?`);
    this.#put = database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?)`);
    this.#delete = database.prepare(`DELETE FROM ${table} WHERE k = ?`);
    this.#range = database.prepare(
      `SELECT k, v, ts FROM ${table} WHERE k >= ? AND k < ? ORDER BY k`,
    );
    this.#all = database.prepare(`SELECT k, v, ts FROM ${table} ORDER BY k`);
    this.#older = database.prepare(`SELECT k FROM ${table} WHERE t < ? ORDER BY t, k`);
    this.#count = database.prepare(`SELECT COUNT(*) AS rows FROM ${table}`);
  }

  get size(): number {
    return Number((this.#count.get() as { rows: number }).rows);
  }

  get(key: StateKey): Row | undefined {
    const row = this.#get.get(toBytes(key)) as unknown as SqlRow | undefined;
    return row && this.#decode(row);
  }

  put(key: StateKey, row: Row): void {
    const value = row.value.bytesNow(this.#spec.value, this.#spec.name)!;
    const time = timeOf(this.#spec.layout, key) ?? null;
    this.#put.run(toBytes(key), value, row.timestamp, time);
  }

  delete(key: StateKey): void {
    this.#delete.run(toBytes(key));
  }

  range(from: StateKey, to: StateKey): Iterable<readonly [StateKey, Row]> {
    return this.#rows(this.#range.all(toBytes(from), toBytes(to)) as unknown as SqlRow[]);
  }

  all(): Iterable<readonly [StateKey, Row]> {
    return this.#rows(this.#all.all() as unknown as SqlRow[]);
  }

  olderThan(timeMs: number): StateKey[] {
    if (!(timeMs > 0) || timeMs === Infinity) return [];
    const rows = this.#older.all(timeMs) as unknown as { readonly k: Uint8Array }[];
    return rows.map(({ k }) => toStateKey(k));
  }

  *#rows(rows: readonly SqlRow[]): Iterable<readonly [StateKey, Row]> {
    for (const row of rows) yield [toStateKey(row.k), this.#decode(row)];
  }

  #decode({ v, ts }: SqlRow): Row {
    const { value, name } = this.#spec;
    return { value: Datum.encoded(v, value, name), timestamp: ts };
  }
}

/** A task's database. A transaction is always open: what was not committed is gone after a crash, all at once. */
class SqliteStorage implements TaskStorage {
  readonly #database: DatabaseSync;
  readonly #stores = new Map<string, SqliteRows>();

  constructor(file: string, readonly forget: () => void) {
    this.#database = new DatabaseSync(file);
    // The changelog is the truth, so a power cut may cost the end of the file, never its consistency.
    this.#database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    this.#database.exec(
      "CREATE TABLE IF NOT EXISTS checkpoint (id INTEGER PRIMARY KEY, json TEXT)",
    );
    this.#database.exec("BEGIN");
  }

  store(spec: StoreSpec): RowStore {
    let rows = this.#stores.get(spec.name);
    if (!rows) this.#stores.set(spec.name, rows = new SqliteRows(this.#database, spec));
    return rows;
  }

  checkpoint(): Checkpoint | undefined {
    const row = this.#database.prepare("SELECT json FROM checkpoint").get();
    return row ? JSON.parse(String(row["json"])) : undefined;
  }

  commit(checkpoint: Checkpoint): void {
    const put = this.#database.prepare("INSERT OR REPLACE INTO checkpoint VALUES (1, ?)");
    put.run(JSON.stringify(checkpoint));
    this.#database.exec("COMMIT; BEGIN");
  }

  close(): void {
    this.#database.exec("ROLLBACK");
    this.#database.close();
    this.forget();
  }
}

/** Options of {@linkcode sqliteStores}. */
export interface SqliteOptions {
  /** An existing folder; each task keeps one file in it, which any SQLite tool opens. */
  readonly directory: string;
}

/**
 * Keeps rows in SQLite files. One provider per process and folder.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { sqliteStores } from "lib/streams/mod.ts";
 * const stores = sqliteStores({ directory: ":memory:" });
 * assert.equal(stores.open("0_1").checkpoint(), undefined);
 * ```
 */
export function sqliteStores({ directory }: SqliteOptions): StoreProvider {
  const open = new Map<string, TaskStorage>();
  return {
    open(task) {
      const file = directory === ":memory:" ? directory : `${directory}/${task}.sqlite`;
      let storage = open.get(task);
      if (!storage) open.set(task, storage = new SqliteStorage(file, () => open.delete(task)));
      return storage;
    },
  };
}
