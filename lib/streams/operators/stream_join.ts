/** Two streams within a window of each other. */
import { EncodedValue } from "../state/encoded_value.ts";
import { joinKey, timeOf } from "../state/layout.ts";
import type { TimedRows } from "../state/timed_rows.ts";
import type { FlowRecord } from "./flow_record.ts";
import { type NumberCell, type Operator, type OperatorContext, timedRows } from "./operator.ts";
import { Unmatched } from "./unmatched.ts";
import type { JoinType, RowJoiner } from "./table_join.ts";

/** How far apart two records may be, seen from the left one, and how late. */
export interface JoinWindows {
  /** The right record may be this much older. */
  readonly beforeMs: number;
  /** The right record may be this much newer. */
  readonly afterMs: number;
  /** How long an unmatched record waits for late partners after its window. */
  readonly graceMs: number;
}

/** Everything both sides of one join share. */
export interface StreamJoin {
  /** The join's name; the shared stream time is kept under it. */
  readonly name: string;
  readonly type: JoinType;
  readonly windows: JoinWindows;
  readonly joiner: RowJoiner;
  readonly leftStore: string;
  readonly rightStore: string;
  /** Records that have no partner yet; for left and outer joins. */
  readonly unmatchedStore?: string;
}

/**
 * One side: keeps its records for the other side's, and joins each with all partners that are there.
 *
 * See: Kafka Streams' `KStreamKStreamJoin`, KIP-633
 */
export function streamJoinSide(side: "left" | "right", join: StreamJoin): () => Operator {
  return () => new StreamJoinSide(side, join);
}

class StreamJoinSide implements Operator {
  #context!: OperatorContext;
  #mine!: TimedRows;
  #theirs!: TimedRows;
  #sequence!: NumberCell;
  #unmatched: Unmatched | undefined;
  #time!: NumberCell;

  constructor(readonly side: "left" | "right", readonly join: StreamJoin) {}

  init(context: OperatorContext): void {
    const { join, side } = this;
    const { beforeMs, afterMs, graceMs } = join.windows;
    const visibleMs = beforeMs + afterMs + graceMs;
    const left = timedRows(context, join.leftStore, visibleMs);
    const right = timedRows(context, join.rightStore, visibleMs);
    this.#context = context;
    this.#mine = side === "left" ? left : right;
    this.#theirs = side === "left" ? right : left;
    this.#sequence = context.shared(`${this.#mine.store.spec.name}.sequence`, 0);
    this.#time = context.shared(`${join.name}.time`, -1);
    if (join.unmatchedStore !== undefined) {
      this.#unmatched = new Unmatched(context, join, join.unmatchedStore, this.#time);
    }
  }

  process(record: FlowRecord): void {
    const { timestamp } = record;
    this.#time.value = Math.max(this.#time.value, timestamp);
    if (record.encodedValue.isNull) return this.#context.drop("null value", record);
    if (record.encodedKey.isNull) {
      // Nothing can ever match it, so a side that may stand alone does so at once.
      if (!this.#mayStandAlone) return this.#context.drop("null key", record);
      return this.#emit(record, record, null, timestamp);
    }
    const bare = record.encodedKey.stateKey(this.#mine.store.spec.key, this.#mine.store.topic);
    this.#sequence.value = (this.#sequence.value + 1) % 0x7fffffff;
    this.#mine.put(joinKey(bare, timestamp, this.#sequence.value), record.encodedValue, timestamp);
    if (timestamp === this.#time.value) this.#unmatched?.release(this.side, record);
    const partners = this.#theirs.fetch(bare, timestamp - this.#backMs, timestamp + this.#aheadMs);
    for (const [key, row] of partners) {
      const theirTime = timeOf("join", key)!;
      this.#unmatched?.matched(this.side === "left" ? "right" : "left", bare, theirTime);
      this.#emit(record, record, row.value, Math.max(timestamp, theirTime));
    }
    if (partners.length > 0) return;
    if (!this.#mayStandAlone) return this.#context.drop("no match", record);
    if (timestamp + this.#aheadMs < this.#time.value) {
      return this.#emit(record, record, null, timestamp);
    }
    this.#unmatched!.hold(this.side, bare, record);
    this.#context.drop("buffered", record);
  }

  get #mayStandAlone(): boolean {
    return this.join.type === "outer" || (this.join.type === "left" && this.side === "left");
  }

  /** How much older a partner may be, seen from this side. */
  get #backMs(): number {
    return this.side === "left" ? this.join.windows.beforeMs : this.join.windows.afterMs;
  }

  /** How much newer a partner may be, seen from this side. */
  get #aheadMs(): number {
    return this.side === "left" ? this.join.windows.afterMs : this.join.windows.beforeMs;
  }

  #emit(
    record: FlowRecord,
    mine: FlowRecord,
    theirs: EncodedValue<unknown> | null,
    timestamp: number,
  ) {
    const other = theirs ? theirs.value : null;
    const value = this.side === "left"
      ? this.join.joiner(mine.value, other, record)
      : this.join.joiner(other, mine.value, record);
    this.#context.forward(record.withChange(EncodedValue.of(value), EncodedValue.null, timestamp));
  }
}
