/**
 * Rows in a file: one SQLite database per task, in which rows, changelog offsets and stream times become durable
 * together. A restart needs only the end of the changelog.
 *
 * @module
 */
import type { StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { StoreSpec } from "../topology/store_spec.ts";
import { Datum } from "./datum.ts";
import { timeOf } from "./layout.ts";
import type { Checkpoint, Row, RowStore, StoreProvider, TaskStorage } from "./row_store.ts";
import { makeFolder, SqliteFile } from "./sqlite_file.ts";
import { type StateKey, toBytes, toStateKey } from "./state_key.ts";

/** A row as SQLite gives it. */
interface SqlRow {
  readonly k: Uint8Array;
  readonly v: Uint8Array;
  readonly ts: number;
  /** Time by which it expires; null in a store without windows. */
  readonly t: number | null;
  /** Checksum of the others. */
  readonly c: number;
}

/** Rows of one store. */
class SqliteRows implements RowStore {
  readonly #spec: StoreSpec;
  readonly #file: SqliteFile;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  readonly #clear: StatementSync;
  readonly #range: StatementSync;
  readonly #all: StatementSync;
  readonly #older: StatementSync;
  readonly #count: StatementSync;

  constructor(file: SqliteFile, spec: StoreSpec) {
    this.#spec = spec;
    this.#file = file;
    const { database } = file, table = `"store ${spec.name.replaceAll('"', "")}"`;
    database.exec(
      `CREATE TABLE IF NOT EXISTS ${table} (k BLOB PRIMARY KEY, v BLOB NOT NULL, ts INTEGER NOT NULL, t INTEGER, c INTEGER) WITHOUT ROWID`,
    );
    if (timeOf(spec.layout, "\0".repeat(16)) !== undefined) {
      const index = table.replace("store", "time of");
      database.exec(`CREATE INDEX IF NOT EXISTS ${index} ON ${table} (t)`);
    }
    const rows = `SELECT k, v, ts, t, c FROM ${table}`;
    this.#get = database.prepare(`${rows} WHERE k = ?`);
    this.#put = database.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?, ?)`);
    this.#delete = database.prepare(`DELETE FROM ${table} WHERE k = ?`);
    this.#clear = database.prepare(`DELETE FROM ${table}`);
    this.#range = database.prepare(`${rows} WHERE k >= ? AND k < ? ORDER BY k`);
    this.#all = database.prepare(`${rows} ORDER BY k`);
    this.#older = database.prepare(`SELECT k FROM ${table} WHERE t < ? ORDER BY t, k`);
    this.#count = database.prepare(`SELECT COUNT(*) AS rows FROM ${table}`);
  }

  get size(): number {
    return Number((this.#count.get() as { rows: number }).rows);
  }

  get(key: StateKey): Row | undefined {
    const row = this.#file.use(() => this.#get.get(toBytes(key))) as unknown as SqlRow | undefined;
    return row && this.#decode(row);
  }

  put(key: StateKey, row: Row): void {
    const v = row.value.bytesNow(this.#spec.value, this.#topic)!, k = toBytes(key);
    const ts = row.timestamp, t = timeOf(this.#spec.layout, key) ?? null;
    const c = checksum({ k, v, ts, t });
    this.#file.use(() => this.#put.run(k, v, ts, t, c));
  }

  delete(key: StateKey): void {
    this.#file.use(() => this.#delete.run(toBytes(key)));
  }

  clear(): void {
    this.#file.use(() => this.#clear.run());
  }

  range(from: StateKey, to: StateKey): Iterable<readonly [StateKey, Row]> {
    return this.#rows(this.#file.use(() => this.#range.all(toBytes(from), toBytes(to))));
  }

  all(): Iterable<readonly [StateKey, Row]> {
    return this.#rows(this.#file.use(() => this.#all.all()));
  }

  olderThan(timeMs: number): StateKey[] {
    if (!(timeMs > 0) || timeMs === Infinity) return [];
    const rows = this.#file.use(() => this.#older.all(timeMs));
    return (rows as unknown as readonly SqlRow[]).map(({ k }) => toStateKey(k));
  }

  get #topic(): string {
    return this.#spec.topic ?? this.#spec.name;
  }

  *#rows(rows: unknown): Iterable<readonly [StateKey, Row]> {
    for (const row of rows as SqlRow[]) yield [toStateKey(row.k), this.#decode(row)];
  }

  #decode(row: SqlRow): Row {
    const { value } = this.#spec;
    if (row.c !== checksum(row)) this.#file.refuse("a row of it is not what was written");
    return { value: Datum.encoded(row.v, value, this.#topic), timestamp: row.ts };
  }
}

/** Changes with every bit of a row: what the disk, or somebody else, did to it must not become a result. */
function checksum({ k, v, ts, t }: Omit<SqlRow, "c">): number {
  return crc32(v, crc32(k, (ts ^ (t ?? 7)) >>> 0));
}

/** A task's database. A transaction is always open: what was not committed is gone after a crash, all at once. */
class SqliteStorage implements TaskStorage {
  readonly #file: SqliteFile;
  readonly #stores = new Map<string, SqliteRows>();

  constructor(path: string, readonly forget: () => void) {
    this.#file = new SqliteFile(path);
    this.#file.database.exec("BEGIN");
  }

  get damage(): string | undefined {
    return this.#file.damage;
  }

  store(spec: StoreSpec): RowStore {
    let rows = this.#stores.get(spec.name);
    if (!rows) this.#stores.set(spec.name, rows = new SqliteRows(this.#file, spec));
    return rows;
  }

  checkpoint(): Checkpoint | undefined {
    const json = this.#file.note();
    return json === undefined ? undefined : JSON.parse(json);
  }

  commit(checkpoint: Checkpoint): void {
    this.#file.commit(JSON.stringify(checkpoint));
  }

  close(): void {
    this.#file.close();
    this.forget();
  }
}

/** Options of {@linkcode sqliteStores}. */
export interface SqliteOptions {
  /** Made where it is missing; each task keeps one file in it, which any SQLite tool opens. ":memory:" writes none. */
  readonly directory: string;
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
export function sqliteStores({ directory }: SqliteOptions): StoreProvider {
  const open = new Map<string, TaskStorage>();
  return {
    open(task) {
      const file = directory === ":memory:" ? directory : `${directory}/${task}.sqlite`;
      let storage = open.get(task);
      if (!storage && directory !== ":memory:") makeFolder(directory);
      if (!storage) open.set(task, storage = new SqliteStorage(file, () => open.delete(task)));
      return storage;
    },
  };
}
