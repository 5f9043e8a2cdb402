/**
 * Rows that belong to a key and a time: windows, sessions, records that wait for a partner.
 *
 * @module
 */
import type { EncodedValue } from "./encoded_value.ts";
import { belongsTo, timeOf } from "./layout.ts";
import type { Row } from "./row_store.ts";
import { type StateKey, timeKey } from "./state_key.ts";
import type { TaskStore } from "./task_store.ts";

/**
 * A view that shows only rows that are not too old, and deletes those past retention.
 *
 * Kafka Streams hides a row as soon as the latest time written to the store has passed it by the default retention,
 * even if it is still on disk; results depend on it for sessions and joins.
 */
export class TimedRows {
  constructor(
    readonly store: TaskStore,
    /** Latest time written. */
    readonly observed: { value: number },
    /** Rows older than this, behind `observed`, are not seen. */
    readonly visibleMs: number,
  ) {}

  /** The row of a store key. */
  get(key: StateKey): Row | undefined {
    return timeOf(this.store.spec.layout, key)! < this.#horizon ? undefined : this.store.get(key);
  }

  /** Writes a row, and deletes rows past retention. */
  // deno-lint-ignore no-explicit-any
  put(key: StateKey, value: EncodedValue<any>, timestamp: number): void {
    const { layout, retentionMs = Infinity } = this.store.spec;
    this.observed.value = Math.max(this.observed.value, timeOf(layout, key)!);
    this.store.put(key, value, timestamp);
    if (retentionMs !== Infinity) this.store.expire(this.observed.value - retentionMs);
  }

  /** Deletes a row. */
  delete(key: StateKey, timestamp: number): void {
    this.store.delete(key, timestamp);
  }

  /** One key's rows with a time from `fromMs` to `toMs`, both inclusive, ascending. */
  fetch(bare: StateKey, fromMs: number, toMs: number): [StateKey, Row][] {
    const from = Math.max(0, fromMs, this.#horizon);
    const found: [StateKey, Row][] = [];
    if (toMs < from) return found;
    for (const [key, row] of this.store.range(bare + timeKey(from), bare + timeKey(toMs + 1))) {
      if (belongsTo(this.store.spec.layout, key, bare)) found.push([key, row]);
    }
    return found;
  }

  get #horizon(): number {
    return this.observed.value - this.visibleMs + 1;
  }
}
