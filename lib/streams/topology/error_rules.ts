/**
 * What an application wants done with records that fail.
 *
 * @module
 */

/** What to do: stop, go on without the record, or go on and keep it in the dead-letter topic. */
export type ErrorPolicy = "fail" | "skip" | "dead-letter";

/** Where it went wrong. */
export type ErrorStage = "decode" | "process" | "produce";

/** Where a failed record was read. */
export interface FailedRecord {
  /** Where it was read. */
  readonly topic: string;
  /** Its partition there, from 0. */
  readonly partition: number;
  /** Its offset there, from 0. */
  readonly offset: number;
}

/** A policy, or a function that chooses one by the error. */
export type ErrorRule = ErrorPolicy | ((error: unknown, record: FailedRecord) => ErrorPolicy);

/** What a failure may do to results: repeat some, or nothing at all. */
export type Guarantee = "at-least-once" | "exactly-once";

/** A rule for each stage. */
export interface ErrorRules {
  /** A key or value that its serde cannot read. @default "fail" */
  readonly decode?: ErrorRule;
  /** An operator or a function of yours that threw. @default "fail" */
  readonly process?: ErrorRule;
  /** A key or value that its serde cannot write. @default "fail" */
  readonly produce?: ErrorRule;
  /** Topic of dead letters; needed by policy "dead-letter". */
  readonly deadLetterTopic?: string;
}
