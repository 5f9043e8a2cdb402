/**
 * Records that fail: some wait until a dependency is reachable again, the others follow the application's error policy.
 *
 * @module
 */
import { sleep } from "../../async/mod.ts";
import type { FlowRecord } from "../operators/flow_record.ts";
import { StoreError } from "../state/store_error.ts";
import type { ErrorRules, ErrorStage } from "../topology/error_rules.ts";
import { deadLetter, isPassing, policyFor, reasonOf, streamsError } from "./errors.ts";
import type { RefusedRecord } from "./errors.ts";
import { REST_MS } from "./record_queue.ts";
import type { OutputRecord } from "./records.ts";

/** How an {@link ErrorHandler} reports and waits. */
export interface ErrorHandlerOptions {
  /** Called for every record that was skipped, or became a dead letter. */
  readonly onRefused?: (refused: RefusedRecord) => void;
  /** Called when a record waits for something that cannot be reached, such as the schema registry, with the reason. */
  readonly onWaiting?: (why: string) => void;
  /** How long a record waits for a dependency that cannot be reached before the policy decides. @default 0 */
  readonly retryTimeoutMs?: number;
  /** What the topic of dead letters takes. @default a little less than a topic's own default, 1 MB */
  readonly letterBytes?: number;
}

/** Applies the error policies to the failed records of one task. */
export class ErrorHandler {
  /** How many there were. */
  count = 0;
  readonly #rules: ErrorRules;
  readonly #options: ErrorHandlerOptions & { readonly now: () => number };

  constructor(rules: ErrorRules, options: ErrorHandlerOptions & { readonly now: () => number }) {
    this.#rules = rules;
    this.#options = options;
  }

  /** Decides about a failed record: it is skipped, or returned as a dead letter. @throws {StreamsError} If the policy is "fail" */
  handle(
    stage: ErrorStage,
    node: string,
    record: FlowRecord,
    cause: unknown,
  ): OutputRecord | undefined {
    // No policy is about the worker's own disk: to skip a record for that would lose it.
    if (cause instanceof StoreError) throw cause;
    this.count++;
    const policy = policyFor(this.#rules, stage, cause, record.origin);
    const error = streamsError(stage, node, record, cause);
    if (policy === "fail") throw error;
    const { topic, partition, offset } = record.origin;
    this.#options.onRefused?.({ stage, policy, topic, partition, offset, why: reasonOf(cause) });
    if (policy === "skip") return undefined;
    const { letterBytes } = this.#options;
    return deadLetter(this.#rules.deadLetterTopic!, error, {
      origin: record.origin,
      timestamp: record.timestamp,
      ...(letterBytes !== undefined && { mostBytes: letterBytes }),
    });
  }

  /** Whether a record that has waited so long should wait on: the cause may pass. */
  shouldRetry(cause: unknown, waitedMs: number): boolean {
    const { retryTimeoutMs = 0, onWaiting } = this.#options;
    if (!isPassing(cause) || waitedMs >= retryTimeoutMs) return false;
    onWaiting?.(reasonOf(cause));
    return true;
  }

  /** Retries the encoding of a record until its time is up; then the policy decides. */
  async retryEncoding(
    node: string,
    record: FlowRecord,
    cause: unknown,
    again: () => OutputRecord | Promise<OutputRecord>,
  ): Promise<OutputRecord | undefined> {
    const { now } = this.#options, sinceMs = now();
    let reason = cause;
    while (this.shouldRetry(reason, now() - sinceMs)) {
      await sleep(REST_MS);
      try {
        return await again();
      } catch (error) {
        reason = error;
      }
    }
    return this.handle("produce", node, record, reason);
  }
}
