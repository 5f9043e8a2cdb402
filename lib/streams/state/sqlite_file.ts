/**
 * One SQLite file that is trusted only as far as it has been looked at: rows are worth nothing unless they are exact.
 *
 * @module
 */
import { mkdirSync, rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { crc32 } from "node:zlib";
import { StoreError } from "./store_error.ts";

/** Counts up when the tables change: files of another layout are restored from the changelog. */
const LAYOUT = 2;

/** A database that was whole when it was opened. */
export class SqliteFile {
  readonly database: DatabaseSync;
  /** Why an existing file was discarded. */
  readonly damage: string | undefined;
  #broken: StoreError | undefined;

  /** @throws {StoreError} If the file cannot be made */
  constructor(readonly path: string) {
    try {
      this.database = opened(path);
    } catch (error) {
      this.damage = messageOf(error);
      try {
        remove(path);
        this.database = opened(path);
      } catch (again) {
        throw this.#storeError(again);
      }
    }
  }

  /**
   * Reads or writes. After a failure it refuses all that follows: SQLite has taken back more than the one change.
   *
   * @throws {StoreError} If the disk is full, or the file is damaged
   */
  use<T>(work: (database: DatabaseSync) => T): T {
    if (this.#broken) throw this.#broken;
    try {
      return work(this.database);
    } catch (error) {
      throw this.#broken = this.#storeError(error);
    }
  }

  /** The text that was committed with the rows. */
  note(): string | undefined {
    return noteOf(this.database);
  }

  /** Makes what was written durable together with a text. @throws {StoreError} */
  commit(note: string): void {
    this.use((database) => {
      const put = database.prepare("INSERT OR REPLACE INTO checkpoint VALUES (1, ?, ?)");
      put.run(note, crc32(note));
      database.exec("COMMIT; BEGIN");
    });
  }

  /** Finds it damaged. @throws {StoreError} Always */
  refuse(why: string): never {
    throw this.#broken = this.#storeError(new Error(`malformed: ${why}`));
  }

  /** Forgets what was not committed, and a damaged file as a whole. */
  close(): void {
    try {
      this.database.exec("ROLLBACK");
    } catch {
      // SQLite rolled back by itself when the disk was full.
    }
    this.database.close();
    if (this.#broken?.damaged) remove(this.path);
  }

  #storeError(cause: unknown): StoreError {
    const why = messageOf(cause), damaged = /malformed|not a database/.test(why);
    const said = /disk is full|disk I\/O/.test(why)
      ? "the disk is full, or failing (free some space, then start again: nothing is lost)"
      : damaged
      ? `it is damaged, ${why} (start again: it is restored from its changelog)`
      : why;
    return new StoreError(`Cannot keep tables in "${this.path}": ${said}`, damaged, cause);
  }
}

/** Makes a folder, and those above it. @throws {StoreError} If it cannot be made */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreError(`Cannot keep tables in "${path}": ${messageOf(error)}`, false, error);
  }
}

function opened(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    // The changelog is the truth, so a power cut may cost the end of the file, never its consistency.
    database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    const found = database.prepare("PRAGMA integrity_check(1)").get()!["integrity_check"];
    if (found !== "ok") throw new Error(`malformed: ${found}`);
    const { user_version: layout } = database.prepare("PRAGMA user_version").get()!;
    const { tables } = database.prepare("SELECT COUNT(*) AS tables FROM sqlite_schema").get()!;
    if (tables !== 0 && layout !== LAYOUT) {
      throw new Error("another version of this program wrote it");
    }
    database.exec(
      `PRAGMA user_version = ${LAYOUT};` +
        "CREATE TABLE IF NOT EXISTS checkpoint (id INTEGER PRIMARY KEY, json TEXT, c INTEGER)",
    );
    noteOf(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function noteOf(database: DatabaseSync): string | undefined {
  const row = database.prepare("SELECT json, c FROM checkpoint").get();
  if (!row) return undefined;
  if (row["c"] === crc32(String(row["json"]))) return String(row["json"]);
  throw new Error("malformed: its checkpoint is not what was written");
}

function remove(path: string): void {
  for (const part of ["", "-wal", "-shm"]) rmSync(`${path}${part}`, { force: true });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
