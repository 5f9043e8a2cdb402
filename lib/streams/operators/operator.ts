/**
 * What an operator is, and what it may ask of its task.
 *
 * @module
 */
import type { TaskStore } from "../state/task_store.ts";
import { TimedRows } from "../state/timed_rows.ts";
import type { OutputRecord } from "./output_record.ts";
import type { FlowRecord } from "./flow_record.ts";

/** Why a record went no further. Counted per node, shown in a trace. */
export type DropReason =
  | "filtered"
  | "no branch"
  | "null key"
  | "null value"
  | "null key or value"
  | "null foreign key"
  | "out of order"
  | "stale"
  | "late"
  | "negative time"
  | "no match"
  | "buffered"
  | "empty"
  | "unchanged"
  | "decode error"
  | "process error"
  | "produce error";

/** A number that an operator keeps across restarts: a stream time, a sequence. */
export interface NumberCell {
  value: number;
}

/** When a punctuator fires. */
export interface Schedule {
  /** How often, by the clock that is named. */
  readonly everyMs: number;
  /** "stream": as records move stream time on; "wall": by the clock. */
  readonly clock: "stream" | "wall";
  /**
   * When it fires first, epoch milliseconds; one that has passed fires at the next of its multiples.
   *
   * @default with the first record by stream time, after `everyMs` by the wall clock
   */
  readonly startMs?: number;
}

/** A punctuator that was scheduled. */
export interface Scheduled {
  /** It does not fire again. Safe to call twice, also from its own callback. */
  cancel(): void;
}

/** What a task offers an operator. */
export interface OperatorContext {
  /** Name of the node. */
  readonly node: string;
  /** `0_1`: sub-topology 0, partition 1. */
  readonly task: string;
  readonly partition: number;
  /** Whether any node consumes the results; otherwise they need not be made. */
  readonly hasChildren: boolean;
  /** Whether anybody listens on a named output. */
  hears(output: string): boolean;
  /** Greatest event time of the task so far; -1 before the first record. */
  readonly streamTime: number;
  /** Wall clock, epoch milliseconds. */
  now(): number;
  /** Passes a record to every child, in the order of the topology. */
  forward(record: FlowRecord): void;
  /** Passes a record to the children on a named output ("late", a branch). */
  forwardTo(output: string, record: FlowRecord): void;
  /** Notes that a record goes no further; `lateMs` is how long its window had been closed, where that is why. */
  drop(reason: DropReason, record: FlowRecord, lateMs?: number): void;
  /** Full name of one of the application's own topics. */
  internalTopic(suffix: string): string;
  /** A store named in the node. */
  store(name: string): TaskStore;
  /** A number that survives with the task's commits. */
  number(name: string, initial: number): NumberCell;
  /** A number that several nodes of a task share. */
  shared(name: string, initial: number): NumberCell;
  /** Calls back again and again. */
  schedule(schedule: Schedule, callback: (timeMs: number) => void): Scheduled;
  /** Writes a record to a topic, whatever the topology says. */
  write(output: OutputRecord | Promise<OutputRecord>): void;
  /** Applies the error policy to a record that failed later. @throws {StreamsError} If the policy is "fail" */
  fail(record: FlowRecord, cause: unknown): void;
  /** Makes the task wait for work that is not done yet; the record is not processed before. */
  defer(work: Promise<void>): void;
}

/** One step, in one task. Synchronous; agents use `defer`. */
export interface Operator {
  init?(context: OperatorContext): void;
  process(record: FlowRecord): void;
  close?(): void;
}

/** Makes an operator of what it does with a record; `open` is called when its task starts. */
export function operator(
  open: (context: OperatorContext) => (record: FlowRecord) => void,
): () => Operator {
  return () => {
    const made: Operator = {
      init: (context) => void (made.process = open(context)),
      process: () => {},
    };
    return made;
  };
}

/** Finds the number that an operator's stream time is kept in: the greatest time of records that reached it. */
export function observedTime(context: OperatorContext): NumberCell {
  return context.number("time", -1);
}

/** A store of rows with times, of which those of the last `visibleMs` are seen; by the times that were written. */
export function timedRows(context: OperatorContext, store: string, visibleMs: number): TimedRows {
  return new TimedRows(context.store(store), context.shared(`${store}.written`, -1), visibleMs);
}
