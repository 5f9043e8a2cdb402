/**
 * A store as a task uses it: rows, the changes not yet in the changelog, and an undo list for time travel.
 *
 * @module
 */
import type { Bytes } from "../../serde/mod.ts";
import type { StoreSpec } from "../topology/store_spec.ts";
import { changelogKey, fromChangelogKey, windowedOf } from "./changelog_key.ts";
import { EncodedValue } from "./encoded_value.ts";
import type { Row, RowStore } from "./row_store.ts";
import { bareKey } from "./layout.ts";
import { type StateKey, toBytes } from "./state_key.ts";

/** A row to be written to a changelog topic. */
export interface ChangelogRecord {
  /** Full name of the changelog. */
  readonly topic: string;
  /** The task's own, from 0. */
  readonly partition: number;
  /** Key of the row, as the store's layout writes it. */
  readonly key: Uint8Array;
  /** null deletes the row. */
  readonly value: Bytes;
  /** Event time of the row, Unix epoch ms. */
  readonly timestamp: number;
}

/** A row read back from a changelog topic. */
export interface RestoredRecord {
  readonly key: Bytes;
  readonly value: Bytes;
  readonly timestamp: number;
}

/** One change, so that it can be undone and shown. */
export interface StateChange {
  readonly store: string;
  readonly key: StateKey;
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** Rows of one store in one task. */
export class TaskStore {
  #dirty = new Map<StateKey, Row | number>();
  /** Set to a list to have every change noted in it. */
  journal: StateChange[] | undefined;
  /** Changes when rows were put back from outside: what an operator derived from them is void. */
  revision = 0;

  /** @param changelogTopic null when the store is not logged */
  constructor(
    readonly spec: StoreSpec,
    readonly rows: RowStore,
    readonly changelogTopic: string | null,
  ) {}

  /** The topic name that serdes are told. */
  get topic(): string {
    return this.spec.topic ?? this.changelogTopic ?? this.spec.name;
  }

  /** The row under a key. */
  get(key: StateKey): Row | undefined {
    const row = this.rows.get(key);
    return row && fresh(row);
  }

  /** Rows with `from <= key < to`, ascending. */
  *range(from: StateKey, to: StateKey): Iterable<readonly [StateKey, Row]> {
    for (const [key, row] of this.rows.range(from, to)) yield [key, fresh(row)];
  }

  /** Every row, ascending. */
  *all(): Iterable<readonly [StateKey, Row]> {
    for (const [key, row] of this.rows.all()) yield [key, fresh(row)];
  }

  /** The bare key of a row, decoded; with its window when the store is windowed. */
  decodeKey(key: StateKey): unknown {
    const { layout } = this.spec;
    return layout === "window" || layout === "session"
      ? windowedOf(this.spec, key)
      : this.spec.key.decode(toBytes(bareKey(layout, key)), this.topic);
  }

  /** How many changes wait for the changelog. */
  get pendingChanges(): number {
    return this.#dirty.size;
  }

  /** Writes a row, or deletes it when the value is null. */
  // deno-lint-ignore no-explicit-any
  put(key: StateKey, value: EncodedValue<any>, timestamp: number): void {
    const row = value.isNull ? undefined : { value: this.#kept(value), timestamp };
    this.journal?.push({
      store: this.spec.name,
      key,
      before: this.rows.get(key),
      after: row,
    });
    if (row) this.rows.put(key, row);
    else this.rows.delete(key);
    if (this.changelogTopic !== null) this.#dirty.set(key, row ?? timestamp);
  }

  /** Deletes a row. */
  delete(key: StateKey, timestamp: number): void {
    this.put(key, EncodedValue.null, timestamp);
  }

  /** Deletes the rows whose time is below `timeMs`; their tombstones go to the changelog. */
  expire(timeMs: number): void {
    for (const key of this.rows.olderThan(timeMs)) this.delete(key, timeMs);
  }

  /** Takes back one change from the journal. */
  undo(change: StateChange): void {
    this.revision++;
    if (change.before) this.rows.put(change.key, change.before);
    else this.rows.delete(change.key);
  }

  /** Puts rows of the changelog back; nothing is logged again. */
  restore(records: readonly RestoredRecord[]): void {
    const { value } = this.spec;
    this.revision++;
    for (const record of records) {
      if (record.key === null) continue;
      const key = fromChangelogKey(this.spec, record.key);
      if (record.value === null) this.rows.delete(key);
      else {
        // Copied, because what a consumer hands out sits on a large fetch buffer.
        const kept = EncodedValue.encoded(record.value.slice(), value, this.topic);
        this.rows.put(key, { value: kept, timestamp: record.timestamp });
      }
    }
  }

  /** Deletes all rows without logging it: they are to be restored. */
  clear(): void {
    this.revision++;
    this.rows.clear();
  }

  /** The latest row of every key changed since the last call. */
  takeChangelog(partition: number): (ChangelogRecord | Promise<ChangelogRecord>)[] {
    const topic = this.changelogTopic;
    if (topic === null || this.#dirty.size === 0) return [];
    const taken: (ChangelogRecord | Promise<ChangelogRecord>)[] = [];
    for (const [stateKey, row] of this.#dirty) {
      const key = changelogKey(this.spec, stateKey);
      if (typeof row === "number") {
        taken.push({ topic, partition, key, value: null, timestamp: row });
        continue;
      }
      const { timestamp } = row;
      const value = row.value.isPrimitive
        ? this.spec.value.encode(row.value.value, topic)
        : row.value.bytes(this.spec.value, topic);
      if (value instanceof Promise) {
        taken.push(value.then((bytes) => ({ topic, partition, key, value: bytes, timestamp })));
      } else taken.push({ topic, partition, key, value, timestamp });
    }
    this.#dirty = new Map();
    return taken;
  }

  /**
   * Numbers, text and booleans are kept as they are and encoded at the commit; objects are kept as bytes, so that a
   * program that changes an object it got, or put, cannot change the row.
   */
  // deno-lint-ignore no-explicit-any
  #kept(value: EncodedValue<any>): EncodedValue<any> {
    const topic = this.topic;
    if (this.spec.internal) return value;
    // An object of its own: what others encode must not stay in memory for as long as the row.
    if (value.isPrimitive) return EncodedValue.of(value.value);
    return EncodedValue.encoded(
      compact(value.bytesNow(this.spec.value, topic)),
      this.spec.value,
      topic,
    );
  }
}

/** A row whose value is decoded again, so that what a program does to the object does not change the store. */
function fresh(row: Row): Row {
  return row.value.isPrimitive ? row : { value: row.value.fresh(), timestamp: row.timestamp };
}

/** Copies bytes out of a buffer much larger than they are, which they would keep in memory. */
function compact(bytes: Bytes): Bytes {
  return bytes && bytes.buffer.byteLength > 2 * bytes.length + 64 ? bytes.slice() : bytes;
}
