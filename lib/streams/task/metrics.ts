/**
 * What a task counts, as plain data.
 *
 * @module
 */
import type { DropReason } from "../operators/operator.ts";
import type { NodeMetrics } from "./processor_node.ts";

/** Counters of a task since it was made. */
export interface TaskMetrics {
  /** `<sub-topology>_<partition>`. */
  readonly task: string;
  /** Records that it is done with. */
  readonly processed: number;
  /** Records waiting. */
  readonly buffered: number;
  /** Greatest event time; -1 before the first record. */
  readonly streamTime: number;
  /** Records that failed, whatever the error rule then said. */
  readonly errors: number;
  /** By the name of the node. */
  readonly nodes: Readonly<Record<string, NodeMetrics>>;
  /** Rows of each store. */
  readonly rows: Readonly<Record<string, number>>;
}

/** Reasons that say something about the data; a filter, a join without a match and a held update are everyday. */
const LOSSES: readonly DropReason[] = [
  "null key",
  "null value",
  "null key or value",
  "null foreign key",
  "late",
  "out of order",
  "stale",
  "negative time",
  "decode error",
  "process error",
  "produce error",
];

/**
 * Adds up what was dropped, over all nodes: for one reason; or, left out, for all that Kafka Streams counts in
 * `dropped-records-total`.
 */
export function droppedRecords(metrics: TaskMetrics, reason?: DropReason): number {
  const reasons = reason === undefined ? LOSSES : [reason];
  let sum = 0;
  for (const { dropped } of Object.values(metrics.nodes)) {
    for (const one of reasons) sum += dropped[one] ?? 0;
  }
  return sum;
}
