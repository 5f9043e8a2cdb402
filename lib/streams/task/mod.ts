/**
 * What a runtime builds on: tasks, global tables, and what goes in and out of them.
 *
 * @module
 */
export { deadLetter, StreamsError } from "./errors.ts";
export { GlobalState } from "./global_state.ts";
export { droppedRecords, type TaskMetrics } from "./metrics.ts";
export type { Clock, OutputRecord, RawRecord } from "./records.ts";
export { Task } from "./task.ts";
export type { TaskOptions } from "./task_options.ts";
export type { Trace } from "./trace.ts";
export type { ChangelogRecord, TaskStore } from "../state/task_store.ts";
