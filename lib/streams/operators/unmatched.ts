/** Records of a left or outer stream join that have no partner yet. */
import { EncodedValue } from "../state/encoded_value.ts";
import { type StateKey, timeAt, timeKey, toBytes } from "../state/state_key.ts";
import type { Waiting } from "../state/waiting_serde.ts";
import type { TaskStore } from "../state/task_store.ts";
import { FlowRecord } from "./flow_record.ts";
import type { NumberCell, OperatorContext } from "./operator.ts";
import type { StreamJoin } from "./stream_join.ts";

type Side = Waiting["side"];

const NEVER = Number.MAX_SAFE_INTEGER;

/**
 * Waiting records by time, then side (right first), then key; they leave when stream time has passed their window and
 * grace.
 *
 * See: Kafka Streams' `KStreamKStreamJoin.emitNonJoinedOuterRecords`
 */
export class Unmatched {
  readonly #store: TaskStore;
  /** Nothing that waits is older than this; or so it was when the list was last walked. */
  readonly #oldest: NumberCell;

  constructor(
    readonly context: OperatorContext,
    readonly join: StreamJoin,
    storeName: string,
    readonly time: NumberCell,
  ) {
    this.#store = context.store(storeName);
    this.#oldest = context.shared(`${join.name}.oldest`, NEVER);
  }

  /** Lets a record wait. */
  hold(side: Side, bare: StateKey, record: FlowRecord): void {
    const key = waitingKey(side, bare, record.timestamp);
    const waiting = this.#store.get(key)?.value.value as Waiting | undefined;
    const values = [...waiting?.values ?? [], record.encodedValue];
    this.#oldest.value = Math.min(this.#oldest.value, record.timestamp);
    this.#store.put(key, EncodedValue.of<Waiting>({ side, values }), record.timestamp);
  }

  /** Forgets the records of a side, key and time: one has found a partner, and so have all. */
  matched(side: Side, bare: StateKey, timeMs: number): void {
    const key = waitingKey(side, bare, timeMs);
    if (this.#store.get(key)) this.#store.delete(key, timeMs);
  }

  /** Emits what can find no partner any more. */
  release(side: Side, trigger: FlowRecord): void {
    const { graceMs } = this.join.windows;
    if (this.#oldest.value + this.#aheadMs(side) + graceMs >= this.time.value) return;
    this.#oldest.value = NEVER;
    const open = { left: false, right: false };
    for (const [key, row] of this.#store.all()) {
      const timeMs = timeAt(key, 0);
      this.#oldest.value = timeMs;
      if (open.left && open.right) break;
      const { side: mine, values } = row.value.value as Waiting;
      if (timeMs + this.#aheadMs(mine) + graceMs >= this.time.value) {
        open[mine] = true;
        continue;
      }
      for (const value of values) this.#emit(mine, key, value, trigger);
      this.#store.delete(key, trigger.timestamp);
    }
  }

  #aheadMs(side: Side): number {
    return side === "left" ? this.join.windows.afterMs : this.join.windows.beforeMs;
  }

  // deno-lint-ignore no-explicit-any
  #emit(side: Side, key: StateKey, value: EncodedValue<any>, trigger: FlowRecord): void {
    const { spec, topic } = this.#store;
    const encodedKey = EncodedValue.encoded(toBytes(key.slice(9)), spec.key, topic);
    const record = new FlowRecord(encodedKey, value, timeAt(key, 0), trigger.origin);
    const result = side === "left"
      ? this.join.joiner(value.value, null, record)
      : this.join.joiner(null, value.value, record);
    this.context.forward(record.withValue(EncodedValue.of(result)));
  }
}

/** Time, then a byte for the side as Kafka Streams sorts them (left is true), then the key. */
function waitingKey(side: Side, bare: StateKey, timeMs: number): StateKey {
  return timeKey(timeMs) + (side === "left" ? "\x01" : "\0") + bare;
}
