/**
 * What a task counts, as plain data.
 *
 * @module
 */
import type { NodeMetrics } from "./running_node.ts";

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

/** Adds up what was dropped for a reason, over all nodes. */
export function droppedRecords(metrics: TaskMetrics, reason: string): number {
  return Object.values(metrics.nodes).reduce((sum, node) => sum + (node.dropped[reason] ?? 0), 0);
}
