/**
 * What happens to records that cannot be decoded, processed or written.
 *
 * @module
 */
import type { ErrorPolicy, ErrorRules, ErrorStage } from "../topology/error_rules.ts";
import type { FlowRecord, Headers, Origin } from "../operators/flow_record.ts";
import type { OutputRecord } from "./records.ts";

/** A record could not be decoded, processed or written, and the policy says stop. */
export class StreamsError extends Error {
  /** The word before the message wherever the error is printed. */
  override readonly name = "StreamsError";
  /** The message without its advice, for a program whose user cannot set `onError`. */
  readonly problem: string;
  /** @internal */
  constructor(
    /** What was being done with the record. */
    readonly stage: ErrorStage,
    /** The node where it happened. */
    readonly node: string,
    /** Where the record came from. */
    readonly topic: string,
    /** Its number, from 0. */
    readonly partition: number,
    /** The record's place in the partition. */
    readonly offset: number,
    /** What went wrong, as it was thrown. */
    override readonly cause: unknown,
  ) {
    const problem = `Cannot ${stage} offset ${offset} of "${topic}" partition ${partition} ` +
      `in "${node}": ${reasonOf(cause)}`;
    super(`${problem} (fix it, or set onError.${stage} to "skip" or "dead-letter")`);
    this.problem = problem;
  }
}

/** A record that a policy other than "fail" dropped. */
export interface RefusedRecord {
  /** What was being done with it. */
  readonly stage: ErrorStage;
  /** The policy that was applied. */
  readonly policy: "skip" | "dead-letter";
  /** Where it came from. */
  readonly topic: string;
  /** Its number, from 0. */
  readonly partition: number;
  /** Its place in the partition. */
  readonly offset: number;
  /** What was wrong with it. */
  readonly why: string;
}

/** Whether the same attempt may succeed later: what it needs is away, the record is not to blame. */
export function isPassing(error: unknown): boolean {
  return error instanceof Error && (error as { retriable?: unknown }).retriable === true;
}

/** Chooses the policy. @throws {TypeError} If dead letters have no topic */
export function policyFor(
  rules: ErrorRules,
  stage: ErrorStage,
  cause: unknown,
  origin: Origin,
): ErrorPolicy {
  const rule = rules[stage] ?? "fail";
  const policy = typeof rule === "function" ? rule(cause, origin) : rule;
  if (policy === "dead-letter" && rules.deadLetterTopic === undefined) {
    throw new TypeError(
      `Cannot keep a dead letter: the application has no dead-letter topic (set deadLetter: "name")`,
    );
  }
  return policy;
}

/** An error in its own words. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

const encoder = new TextEncoder();

/** Longest text in a header of a dead letter: the record itself may be as large as a topic takes. */
const HEADER_CHARS = 2_000;

/** What a topic takes unless its settings say otherwise, less what a batch takes besides. */
const LETTER_BYTES = 1_048_588 - 588;

/**
 * A record for the dead-letter topic: raw bytes, and headers that say what happened and where.
 *
 * What the topic does not take is left out: the stack first, then the value, then the record's own headers and its key.
 * A header says what is missing, and the place leads to it.
 *
 * @param mostBytes What the topic takes. @default 1_048_000, a little less than a topic's own default
 */
export function deadLetter(
  topic: string,
  error: StreamsError,
  { origin, timestamp, mostBytes = LETTER_BYTES }: {
    readonly origin: Origin;
    readonly timestamp: number;
    readonly mostBytes?: number;
  },
): OutputRecord {
  const text = (value: unknown) => encoder.encode(String(value).slice(0, HEADER_CHARS));
  const { cause } = error, { key, value } = origin, own = origin.headers ?? [];
  const facts: Headers = [
    ["__streams.errors.stage", text(error.stage)],
    ["__streams.errors.node", text(error.node)],
    ["__streams.errors.exception", text(cause instanceof Error ? cause.name : typeof cause)],
    ["__streams.errors.message", text(cause instanceof Error ? cause.message : cause)],
    ["__streams.errors.topic", text(origin.topic)],
    ["__streams.errors.partition", text(origin.partition)],
    ["__streams.errors.offset", text(origin.offset)],
  ];
  const stack: Headers[number] = [
    "__streams.errors.stacktrace",
    text(cause instanceof Error ? cause.stack ?? "" : ""),
  ];
  const leftOut = (what: string): Headers => [...facts, ["__streams.errors.left.out", text(what)]];
  const valueBytes = `value of ${value?.length ?? 0} bytes`;
  const letters: Pick<OutputRecord, "key" | "value" | "headers">[] = [
    { key, value, headers: [...own, ...facts, stack] },
    { key, value, headers: [...own, ...leftOut("stacktrace")] },
    { key, value: null, headers: [...own, ...leftOut(`stacktrace, ${valueBytes}`)] },
    { key: null, value: null, headers: leftOut(`stacktrace, ${valueBytes}, headers, key`) },
  ];
  const letter = letters.find((one) => letterBytes(one) <= mostBytes) ?? letters.at(-1)!;
  return { topic, timestamp, ...letter };
}

/** Never less than it takes on the wire: a number takes at most 5 bytes there, a time 10. */
function letterBytes({ key, value, headers }: Pick<OutputRecord, "key" | "value" | "headers">) {
  let bytes = 36 + (key?.length ?? 0) + (value?.length ?? 0);
  for (const [name, value] of headers ?? []) bytes += 10 + 3 * name.length + (value?.length ?? 0);
  return bytes;
}

/** The error of a record in flight. */
export function streamsError(
  stage: ErrorStage,
  node: string,
  record: FlowRecord,
  cause: unknown,
): StreamsError {
  const { topic, partition, offset } = record.origin;
  return new StreamsError(stage, node, topic, partition, offset, cause);
}
