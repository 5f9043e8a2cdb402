/** Records that came after their window had closed. */
import { EncodedValue } from "../state/encoded_value.ts";
import type { FlowRecord } from "./flow_record.ts";
import type { OperatorContext } from "./operator.ts";

/** A late record: its value, the window it missed, and by how much. */
export interface Late<V> {
  /** The value that was not counted. */
  readonly value: V;
  /** First instant of the window, Unix epoch ms. */
  readonly start: number;
  /** End of the window, Unix epoch ms; whether it belongs to it depends on the kind of window. */
  readonly end: number;
  /** How long the window had been closed, in stream time. */
  readonly lateMs: number;
}

/** Counts a late record, and passes it to the stream of late records. */
export function late(
  context: OperatorContext,
  record: FlowRecord,
  window: { readonly start: number; readonly end: number; readonly lateMs: number },
): void {
  context.drop("late", record, window.lateMs);
  if (!context.hears("late")) return;
  context.forwardTo("late", record.withValue(EncodedValue.of({ value: record.value, ...window })));
}
