/**
 * What happened to a record on its way: for time travel, and for the question "why was it dropped?".
 *
 * @module
 */
import type { FlowRecord } from "../operators/flow_record.ts";
import type { DropReason } from "../operators/operator.ts";
import type { OutputRecord } from "./records.ts";

/** Observes what a task does. */
export interface Trace {
  received(node: string, record: FlowRecord): void;
  emitted(node: string, record: FlowRecord, output: string | undefined): void;
  dropped(node: string, record: FlowRecord, reason: DropReason): void;
  wrote(node: string, output: OutputRecord): void;
}
