/**
 * One step of a task, told in full: what came, where it went, what was dropped and why, what changed.
 *
 * @module
 */
import type { FlowRecord } from "../operators/flow_record.ts";
import type { DropReason } from "../operators/operator.ts";
import type { Row } from "../state/row_store.ts";
import type { StateChange, TaskStore } from "../state/task_store.ts";
import type { OutputRecord } from "../task/records.ts";
import type { Trace } from "../task/trace.ts";

/** A record at a node. */
export interface TraceEvent {
  /** Name of the node, as `describe` prints it. */
  readonly node: string;
  /** What happened to the record there. */
  readonly event: "received" | "emitted" | "dropped" | "wrote";
  /** Decoded; null where there is none. */
  readonly key: unknown;
  /** Decoded; null is a tombstone. */
  readonly value: unknown;
  /** Event time, Unix epoch ms. */
  readonly timestamp: number;
  /** Why it was dropped. */
  readonly reason?: DropReason;
  /** The named output it took. */
  readonly output?: string;
  /** The topic it was written to. */
  readonly topic?: string;
}

/** A row before and after. */
export interface TraceChange {
  /** Name of the store, without the application's prefix. */
  readonly store: string;
  /** Decoded key of the row. */
  readonly key: unknown;
  /** Value when the step began; null where there was no row. */
  readonly before: unknown;
  /** Value when the step ended; null where the row is gone. */
  readonly after: unknown;
}

/** A step of a task. */
export interface StepTrace {
  /** `<sub-topology>_<partition>`. */
  readonly task: string;
  /** The record that was processed; undefined when time alone did something. */
  readonly record:
    | { readonly topic: string; readonly partition: number; readonly offset: number }
    | undefined;
  /** In the order in which it happened. */
  readonly path: readonly TraceEvent[];
  /** One for each row that the step touched. */
  readonly changes: readonly TraceChange[];
  /** Greatest event time of the task after the step, Unix epoch ms. */
  readonly streamTime: number;
}

/** Writes events down. */
export class TraceRecorder implements Trace {
  events: TraceEvent[] = [];
  origin: StepTrace["record"];

  /** Forgets the events of the last step. */
  clear(): void {
    this.events = [];
    this.origin = undefined;
  }

  received(node: string, record: FlowRecord): void {
    if (!this.origin && record.offset >= 0) {
      const { topic, partition, offset } = record.origin;
      this.origin = { topic, partition, offset };
    }
    this.#note(node, "received", record);
  }

  emitted(node: string, record: FlowRecord, output: string | undefined): void {
    this.#note(node, "emitted", record, output === undefined ? {} : { output });
  }

  dropped(node: string, record: FlowRecord, reason: DropReason): void {
    this.#note(node, "dropped", record, { reason });
  }

  wrote(node: string, { topic, timestamp }: OutputRecord): void {
    const last = this.events.findLast((one) => one.node === node);
    const { key, value } = last ?? { key: null, value: null };
    this.events.push({ node, event: "wrote", key, value, timestamp, topic });
  }

  #note(
    node: string,
    event: TraceEvent["event"],
    record: FlowRecord,
    more: Partial<TraceEvent> = {},
  ): void {
    const { timestamp } = record;
    const key = shown(() => record.key), value = shown(() => record.value);
    this.events.push({ node, event, key, value, timestamp, ...more });
  }
}

/** Changes with decoded keys and values; several changes of one row become one. */
export function traceChanges(
  changes: readonly StateChange[],
  stores: ReadonlyMap<string, TaskStore>,
): TraceChange[] {
  const merged = new Map<string, StateChange>();
  for (const change of changes) {
    const id = `${change.store}/${change.key}`;
    const first = merged.get(id);
    merged.set(id, first ? { ...change, before: first.before } : change);
  }
  return [...merged.values()].filter(({ before, after }) => before || after).map((change) => ({
    store: change.store,
    key: shown(() => stores.get(change.store)!.decodeKey(change.key)),
    before: rowValue(change.before),
    after: rowValue(change.after),
  }));
}

function rowValue(row: Row | undefined): unknown {
  return row ? shown(() => row.value.value) : null;
}

/** A value, or what is wrong with it. */
function shown(read: () => unknown): unknown {
  try {
    return read() ?? null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
