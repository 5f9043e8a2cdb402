/**
 * Rows on disk behind a cache: what is read or written stays in memory, and goes to the disk in the order of its keys
 * when the cache is full or a checkpoint is due.
 *
 * @module
 */
import type { StoreSpec } from "../topology/store_spec.ts";
import { EncodedValue } from "./encoded_value.ts";
import { KeyFilter } from "./key_filter.ts";
import { FULL_BYTES, type PackedRow, PackedRows } from "./packed_rows.ts";
import type { Row, RowStore } from "./row_store.ts";
import type { SqliteRows } from "./sqlite_rows.ts";
import type { StateKey } from "./state_key.ts";

/** Changes that one write may hold: a worker does nothing else meanwhile, and must not miss its group's session timeout. */
const MAX_CHANGED = 100_000;

/** Rows of one store. */
export class CachedRows implements RowStore {
  /** Whether rows changed since this was last set to false. */
  isChanged = false;
  /** Whether the disk has changes that belong to no checkpoint of it. */
  isAhead = false;
  readonly #disk: SqliteRows;
  readonly #spec: StoreSpec;
  readonly #cacheBytes: () => number;
  readonly #cache = new PackedRows();
  /** Keys that may be on disk; undefined where there were rows before: all may. */
  #onDisk: KeyFilter | undefined;
  #size: number;

  /** @param cacheBytes How much memory it may take now */
  constructor(disk: SqliteRows, spec: StoreSpec, cacheBytes: () => number) {
    this.#disk = disk;
    this.#spec = spec;
    this.#cacheBytes = cacheBytes;
    this.#size = disk.size;
    if (this.#size === 0) this.#onDisk = new KeyFilter();
  }

  get size(): number {
    return this.#size;
  }

  get(key: StateKey): Row | undefined {
    const row = this.#cache.get(key) ?? this.#load(key);
    return row?.value ? this.#decoded(row) : undefined;
  }

  put(key: StateKey, { value, timestamp }: Row): void {
    const bytes = value.bytesNow(this.#spec.value, this.#topic)!;
    if (!this.#has(key)) this.#size++;
    this.#set(key, bytes, timestamp);
  }

  delete(key: StateKey): void {
    if (!this.#has(key)) return;
    this.#size--;
    this.#set(key, null, 0);
  }

  clear(): void {
    this.#cache.clear();
    this.#onDisk = new KeyFilter();
    if (this.#size > 0 || this.isAhead) this.isAhead = true;
    this.#disk.clear();
    this.isChanged = true;
    this.#size = 0;
  }

  *range(from: StateKey, to: StateKey): Iterable<readonly [StateKey, Row]> {
    this.#toDisk();
    for (const [key, row] of this.#disk.range(from, to)) yield [key, this.#decoded(row)];
  }

  *all(): Iterable<readonly [StateKey, Row]> {
    this.#toDisk();
    for (const [key, row] of this.#disk.all()) yield [key, this.#decoded(row)];
  }

  olderThan(timeMs: number): StateKey[] {
    if (!(timeMs > 0) || timeMs === Infinity) return [];
    this.#toDisk();
    return this.#disk.olderThan(timeMs);
  }

  /** Writes what changed to the disk. @throws {StoreError} If it is full */
  flush(): void {
    if (this.#cache.changed === 0) return;
    this.#disk.write(this.#noted(this.#cache.changes()));
    this.#cache.unchanged();
  }

  /** As {@link flush}, between two checkpoints. */
  #toDisk(): void {
    if (this.#cache.changed === 0) return;
    this.isAhead = true;
    this.flush();
  }

  #set(key: StateKey, value: Uint8Array | null, timestamp: number): void {
    this.isChanged = true;
    this.#cache.set(key, value, timestamp, true);
    this.#limit();
  }

  #limit(): void {
    const isFull = this.#cache.byteLength >= Math.min(this.#cacheBytes(), FULL_BYTES);
    if (isFull || this.#cache.changed >= MAX_CHANGED) this.#toDisk();
    if (isFull) this.#cache.clear();
  }

  #has(key: StateKey): boolean {
    return this.#cache.has(key) ?? Boolean(this.#load(key)?.value);
  }

  /** Reads a row that the cache knows nothing of, into the cache. */
  #load(key: StateKey): PackedRow | undefined {
    if (this.#onDisk?.mayHave(key) === false) return undefined;
    const row = this.#disk.get(key);
    this.#cache.set(key, row?.value ?? null, row?.timestamp ?? 0, false);
    this.#limit();
    return row;
  }

  *#noted(changes: ReturnType<PackedRows["changes"]>): ReturnType<PackedRows["changes"]> {
    for (const change of changes) {
      this.#onDisk?.add(change[0]);
      yield change;
    }
  }

  #decoded({ value, timestamp }: PackedRow): Row {
    return { value: EncodedValue.encoded(value, this.#spec.value, this.#topic), timestamp };
  }

  get #topic(): string {
    return this.#spec.topic ?? this.#spec.name;
  }
}
