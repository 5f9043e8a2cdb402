/** Sliding windows: one result for each distinct set of records that lie close together. */
import { EncodedValue } from "../state/encoded_value.ts";
import { timeOf, windowKey } from "../state/layout.ts";
import type { Row } from "../state/row_store.ts";
import type { StateKey } from "../state/state_key.ts";
import type { TimedRows } from "../state/timed_rows.ts";
import { type Aggregation, initial, mustAggregate } from "./aggregate.ts";
import type { FlowRecord } from "./flow_record.ts";
import { late } from "./late.ts";
import {
  type NumberCell,
  observedTime,
  type Operator,
  type OperatorContext,
  timedRows,
} from "./operator.ts";
import { neededMs, type SlidingWindows } from "./windows.ts";

/**
 * A record at `t` belongs to the window that ends at `t`, to every window that begins within reach before it, and
 * opens the window that begins right after its predecessor, or right after itself if later records are known.
 *
 * Null keys and null values are dropped. See: Kafka Streams' `KStreamSlidingWindowAggregate`, KIP-450
 */
export function slidingAggregate<K, V, A>(
  storeName: string,
  windows: SlidingWindows,
  aggregation: Aggregation<K, V, A>,
  options: { readonly looksAtValue: boolean; readonly visibleMs?: number },
): () => Operator {
  mustAggregate(aggregation);
  return () =>
    new SlidingAggregate(
      storeName,
      windows,
      aggregation as Aggregation<unknown, unknown, unknown>,
      options,
    );
}

/** What is known of the windows around a record. */
interface Around {
  readonly starts: Set<number>;
  /** The result of records before this one, and the last of their times. */
  before?: Row | undefined;
  previousMs?: number;
  /** The result that holds the records after this one. */
  after?: Row | undefined;
  hasLeft: boolean;
  hasRight: boolean;
}

class SlidingAggregate implements Operator {
  #context!: OperatorContext;
  #rows!: TimedRows;
  #time!: NumberCell;

  constructor(
    readonly storeName: string,
    readonly windows: SlidingWindows,
    readonly aggregation: Aggregation<unknown, unknown, unknown>,
    readonly options: { readonly looksAtValue: boolean; readonly visibleMs?: number },
  ) {}

  init(context: OperatorContext): void {
    this.#context = context;
    this.#time = observedTime(context);
    const visibleMs = this.options.visibleMs ?? neededMs(this.windows);
    this.#rows = timedRows(context, this.storeName, visibleMs);
  }

  process(record: FlowRecord): void {
    if (record.encodedKey.isNull || record.encodedValue.isNull) {
      return this.#context.drop("null key or value", record);
    }
    const { timestamp } = record;
    const { differenceMs } = this.windows;
    this.#time.value = Math.max(this.#time.value, timestamp);
    if (timestamp + differenceMs < this.#closedMs) {
      return late(this.#context, record, {
        start: timestamp - differenceMs,
        end: timestamp,
        lateMs: this.#closedMs - timestamp - differenceMs,
      });
    }
    const { spec, topic } = this.#rows.store;
    const bare = record.encodedKey.stateKey(spec.key, topic);
    if (timestamp < differenceMs) this.#processEarly(record, bare);
    else this.#process(record, bare);
  }

  get #closedMs(): number {
    return this.#time.value - this.windows.graceMs;
  }

  #process(record: FlowRecord, bare: StateKey): void {
    const { timestamp } = record;
    const { differenceMs } = this.windows;
    const around: Around = { starts: new Set(), hasLeft: false, hasRight: false };
    const known = this.#rows.fetch(bare, timestamp - 2 * differenceMs, timestamp + 1).reverse();
    for (const [key, row] of known) {
      const start = timeOf("window", key)!, end = start + differenceMs;
      around.starts.add(start);
      if (start === timestamp + 1) around.hasRight = true;
      else if (end > timestamp) {
        around.after ??= row;
        this.#add(record, bare, start, row);
      } else if (end === timestamp) {
        around.hasLeft = true;
        this.#add(record, bare, start, row);
        // Another record of this very time has already opened all that this one would open.
        if (row.timestamp >= timestamp) return;
        around.previousMs = row.timestamp;
      } else {
        around.before = row;
        around.previousMs = row.timestamp;
        break;
      }
    }
    this.#open(record, bare, around);
  }

  /** Near the epoch all records share the window `[0, differenceMs]`: none begins before time itself. */
  #processEarly(record: FlowRecord, bare: StateKey): void {
    const { timestamp } = record;
    let shared: Row | undefined, previousMs: number | undefined, after: Row | undefined;
    const starts = new Set<number>();
    for (const [key, row] of this.#rows.fetch(bare, 0, timestamp + 1)) {
      const start = timeOf("window", key)!;
      starts.add(start);
      if (start === 0) {
        shared = row;
        if (row.timestamp < timestamp) previousMs = row.timestamp;
      } else if (start <= timestamp) {
        after = row;
        this.#add(record, bare, start, row);
      }
    }
    if (!after && shared && shared.timestamp > timestamp) after = shared;
    if (!starts.has(timestamp + 1)) this.#openRight(record, bare, after);
    if (previousMs !== undefined && !starts.has(previousMs + 1)) {
      this.#add(record, bare, previousMs + 1);
    }
    this.#add(record, bare, 0, shared);
  }

  #open(record: FlowRecord, bare: StateKey, around: Around): void {
    const { timestamp } = record;
    const { differenceMs } = this.windows;
    const { previousMs, starts } = around;
    const near = previousMs !== undefined && previousMs >= timestamp - differenceMs;
    if (previousMs !== undefined) {
      const start = previousMs + 1;
      if (!starts.has(start) && start + differenceMs >= timestamp) this.#add(record, bare, start);
    }
    if (!around.hasLeft) {
      const start = timestamp - differenceMs;
      const base = near ? { value: around.before!.value, timestamp } : undefined;
      this.#add(record, bare, start, base);
    }
    if (!around.hasRight) this.#openRight(record, bare, around.after);
  }

  /** Opens the window right after a record, for the later records that are known. */
  #openRight(record: FlowRecord, bare: StateKey, after: Row | undefined): void {
    if (!after || after.timestamp <= record.timestamp) return;
    const start = record.timestamp + 1;
    this.#rows.put(windowKey(bare, start), after.value, after.timestamp);
    this.#emit(record, start, after, EncodedValue.null);
  }

  /** Adds the record to a window, if the window is open. */
  #add(record: FlowRecord, bare: StateKey, start: number, row?: Row): void {
    const end = start + this.windows.differenceMs;
    const closedMs = this.#closedMs;
    if (end < closedMs) return late(this.#context, record, { start, end, lateMs: closedMs - end });
    const { init, add } = this.aggregation;
    const before = row ? row.value.copy() : initial(init);
    const value = this.options.looksAtValue ? record.value : undefined;
    const after = EncodedValue.result(add(before, value, record));
    const old = row ? row.value : EncodedValue.of(initial(init));
    const timestamp = row ? Math.max(row.timestamp, record.timestamp) : record.timestamp;
    this.#rows.put(windowKey(bare, start), after, timestamp);
    this.#emit(record, start, { value: after, timestamp }, old);
  }

  #emit(record: FlowRecord, start: number, row: Row, old: EncodedValue<unknown>): void {
    if (!this.#context.hasChildren) return;
    const end = start + this.windows.differenceMs;
    const windowed = EncodedValue.of({ key: record.key, start, end });
    this.#context.forward(record.withKey(windowed).withChange(row.value, old, row.timestamp));
  }
}
