/**
 * One table of a SQLite file, a row each.
 *
 * @module
 */
import type { SQLInputValue, StatementSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import type { StoreSpec } from "../topology/store_spec.ts";
import { timeOf } from "./layout.ts";
import type { PackedRow } from "./packed_rows.ts";
import type { SqliteFile } from "./sqlite_file.ts";
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

/** Long enough for every layout: whether rows of one have a time can be asked of it. */
const LONG_KEY = "\0".repeat(16);

/** A row of a statement costs half as much as a statement of its own. */
const ROWS_AT_ONCE = 16, FIELDS = 5;

/** Rows of one store, in bytes. */
export class SqliteRows {
  readonly #spec: StoreSpec;
  readonly #file: SqliteFile;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #putMany: StatementSync;
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
    if (timeOf(spec.layout, LONG_KEY) !== undefined) {
      const index = table.replace("store", "time of");
      database.exec(`CREATE INDEX IF NOT EXISTS ${index} ON ${table} (t)`);
    }
    const rows = `SELECT k, v, ts, t, c FROM ${table}`;
    this.#get = database.prepare(`${rows} WHERE k = ?`);
    const puts = (rows: number) =>
      `INSERT OR REPLACE INTO ${table} VALUES ${Array(rows).fill("(?, ?, ?, ?, ?)").join()}`;
    this.#put = database.prepare(puts(1));
    this.#putMany = database.prepare(puts(ROWS_AT_ONCE));
    this.#delete = database.prepare(`DELETE FROM ${table} WHERE k = ?`);
    this.#clear = database.prepare(`DELETE FROM ${table}`);
    this.#range = database.prepare(`${rows} WHERE k >= ? AND k < ? ORDER BY k`);
    this.#all = database.prepare(`${rows} ORDER BY k`);
    this.#older = database.prepare(`SELECT k FROM ${table} WHERE t < ? ORDER BY t, k`);
    this.#count = database.prepare(`SELECT COUNT(*) AS rows FROM ${table}`);
  }

  /** How many rows there are. */
  get size(): number {
    return Number((this.#count.get() as { rows: number }).rows);
  }

  /** The row of a key. @throws {StoreError} If it is not what was written */
  get(key: StateKey): PackedRow | undefined {
    const row = this.#file.use(() => this.#get.get(toBytes(key))) as unknown as SqlRow | undefined;
    return row && this.#checked(row);
  }

  /** Writes rows, and deletes those that are null. @throws {StoreError} If the disk is full */
  write(changes: Iterable<readonly [key: Uint8Array, PackedRow]>): void {
    const { layout } = this.#spec, isTimed = timeOf(layout, LONG_KEY) !== undefined;
    this.#file.use(() => {
      const fields: SQLInputValue[] = [];
      for (const [k, { value: v, timestamp: ts }] of changes) {
        if (v === null) {
          this.#delete.run(k);
          continue;
        }
        const t = isTimed ? timeOf(layout, toStateKey(k))! : null;
        fields.push(k, v, ts, t, checksum({ k, v, ts, t }));
        if (fields.length === ROWS_AT_ONCE * FIELDS) this.#putMany.run(...fields.splice(0));
      }
      while (fields.length > 0) this.#put.run(...fields.splice(0, FIELDS));
    });
  }

  /** Deletes every row. */
  clear(): void {
    this.#file.use(() => this.#clear.run());
  }

  /** Rows with `from <= key < to`, ascending. */
  range(from: StateKey, to: StateKey): Iterable<readonly [StateKey, PackedRow]> {
    return this.#rows(this.#file.use(() => this.#range.all(toBytes(from), toBytes(to))));
  }

  /** Every row, ascending. */
  all(): Iterable<readonly [StateKey, PackedRow]> {
    return this.#rows(this.#file.use(() => this.#all.all()));
  }

  /** Keys whose time is below `timeMs`, oldest first. */
  olderThan(timeMs: number): StateKey[] {
    const rows = this.#file.use(() => this.#older.all(timeMs));
    return (rows as unknown as readonly SqlRow[]).map(({ k }) => toStateKey(k));
  }

  *#rows(rows: unknown): Iterable<readonly [StateKey, PackedRow]> {
    for (const row of rows as SqlRow[]) yield [toStateKey(row.k), this.#checked(row)];
  }

  #checked(row: SqlRow): PackedRow {
    if (row.c !== checksum(row)) this.#file.refuse("a row of it is not what was written");
    return { value: row.v, timestamp: row.ts };
  }
}

/** Changes with every bit of a row: what the disk, or somebody else, did to it must not become a result. */
function checksum({ k, v, ts, t }: Omit<SqlRow, "c">): number {
  return crc32(v, crc32(k, (ts ^ (t ?? 7)) >>> 0));
}
