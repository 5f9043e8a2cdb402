import type { StoreProvider } from "../state/row_store.ts";
import type { ErrorRules } from "../topology/error_rules.ts";
import type { GlobalState } from "./global_state.ts";
import type { Clock } from "./records.ts";
import type { ErrorHandlerOptions } from "./error_handler.ts";
import type { Trace } from "./trace.ts";

/** What a task gets from outside. */
export interface TaskOptions extends ErrorHandlerOptions {
  readonly clock: Clock;
  readonly stores: StoreProvider;
  readonly globals?: GlobalState;
  readonly errors?: ErrorRules;
  /** Partitions of a topic, for sinks that choose one. @default 1 */
  readonly partitions?: (topic: string) => number;
  /** Whether everything that the broker has of a topic partition was fetched; otherwise an empty queue is waited for. @default yes */
  readonly isCaughtUp?: (topic: string) => boolean;
  readonly trace?: Trace;
}
