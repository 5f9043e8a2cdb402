/**
 * A topic as the engine sees it: a name, two serdes, a clock and a check.
 *
 * @module
 */
import { json, type Serde } from "../../serde/mod.ts";

/** What is known of a record when its event time is read. */
export interface ExtractorContext<K> {
  /** null where the record has no key. */
  readonly key: K | null;
  /** The record's own timestamp, epoch milliseconds. */
  readonly timestamp: number;
  /** The greatest event time seen on this partition so far; -1 before the first record. */
  readonly partitionTime: number;
}

/**
 * Reads a record's event time in epoch milliseconds. A negative answer drops the record (it is counted); anything but a
 * finite number is a decode error, as where the time is missing.
 *
 * See: Kafka Streams' `TimestampExtractor`.
 */
export type TimestampExtractor<K, V> = (value: V, context: ExtractorContext<K>) => number;

/** A check as zod, valibot and others offer it. See: standardschema.dev */
export interface StandardSchema<T> {
  /** What the standard prescribes; its own name for it. */
  readonly "~standard": {
    validate(value: unknown): unknown;
    readonly types?: { readonly output: T } | undefined;
  };
}

/** Checks a decoded value: a function that returns the good value or throws, or a Standard Schema object. */
export type Validator<T> = ((value: T) => T | void) | StandardSchema<T>;

/** Options of {@linkcode topic}. */
export interface TopicOptions<K, V> {
  /** How keys are read and written. @default json() */
  readonly key?: Serde<K>;
  /** How values are read and written. @default json() */
  readonly value?: Serde<V>;
  /** Where event time comes from. @default the record's timestamp */
  readonly timestamp?: TimestampExtractor<K, V>;
  /** A check after decoding; what it throws is a decode error. */
  readonly validate?: Validator<V>;
  /**
   * False: the topic holds no record without a key and no null value, so a stream of it has neither in its types; one
   * that comes all the same is a decode error. @default true
   */
  readonly nullable?: boolean;
}

/** A named topic with its types. */
export interface Topic<K, V> {
  /** As Kafka knows it: no prefix is added. */
  readonly name: string;
  /** How keys are read and written. */
  readonly key: Serde<K>;
  /** How values are read and written. */
  readonly value: Serde<V>;
  /** Where event time comes from; left out: the record's timestamp. */
  readonly timestamp?: TimestampExtractor<K, V>;
  /** Checks decoded values, where an application reads the topic. */
  readonly validate?: Validator<V>;
  /** False: it promises to hold no null keys and no null values. */
  readonly nullable?: boolean;
}

/** A topic without null keys and null values: a stream of it has none. */
export type SolidTopic<K, V> = Topic<K, V> & { readonly nullable: false };

/** A topic whose types are known elsewhere. */
// deno-lint-ignore no-explicit-any
export type AnyTopic = Topic<any, any>;

/**
 * Describes a topic; nothing is created or read.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { json, string, topic } from "lib/streams/mod.ts";
 * const rides = topic("rides", { key: string, value: json<{ fare: number }>() });
 * assert.equal(rides.name, "rides");
 * ```
 * @throws {SyntaxError} If the name is not one that Kafka accepts
 */
export function topic<K = unknown, V = unknown>(
  name: string,
  options: TopicOptions<K, V> & { readonly nullable: false },
): SolidTopic<K, V>;
/** The same, of a topic that may hold null keys and null values. */
export function topic<K = unknown, V = unknown>(
  name: string,
  options?: TopicOptions<K, V>,
): Topic<K, V>;
export function topic<K = unknown, V = unknown>(
  name: string,
  options: TopicOptions<K, V> = {},
): Topic<K, V> {
  mustBeTopicName(name);
  const { key = json<K>(), value = json<V>(), timestamp, validate, nullable } = options;
  mustBeSerde(key, `the keys of topic "${name}"`);
  mustBeSerde(value, `the values of topic "${name}"`);
  return {
    name,
    key,
    value,
    ...(timestamp ? { timestamp } : {}),
    ...(validate ? { validate } : {}),
    ...(nullable === undefined ? {} : { nullable }),
  };
}

/** @throws {SyntaxError} If Kafka does not accept the name */
export function mustBeTopicName(name: string): void {
  const isText = typeof name === "string";
  if (isText && /^[\w.-]{1,249}$/.test(name) && name !== "." && name !== "..") return;
  throw new SyntaxError(
    `Cannot use topic name "${name}": Kafka accepts 1-249 letters, digits, ".", "_" and "-"`,
  );
}

function mustBeSerde(serde: Serde<unknown>, what: string): void {
  if (typeof serde?.encode === "function" && typeof serde.decode === "function") return;
  throw new TypeError(
    `Cannot read or write ${what}: what is given as their serde has no encode() and decode() ` +
      (typeof serde === "function"
        ? "(json is called: json())"
        : "(give json(), string or another)"),
  );
}

/** Makes the good value of a decoded one, at once or later. @throws What is wrong with the value */
export type Check = (value: unknown) => unknown;

/** A validator as a function; a function that returns nothing has found the value good. */
export function checkOf<V>(validate: Validator<V>): Check {
  if (typeof validate !== "function") return standardCheck(validate);
  return (value) => {
    const answer: unknown = validate(value as V);
    return answer instanceof Promise
      ? answer.then((good) => good ?? value)
      : answer === undefined
      ? value
      : answer;
  };
}

function standardCheck<V>(schema: StandardSchema<V>): Check {
  const goodOf = (result: unknown) => {
    const { value, issues } = result as {
      readonly value: unknown;
      readonly issues?: readonly { readonly message: string }[];
    };
    if (issues) throw new TypeError(issues.map((one) => one.message).join("; "));
    return value;
  };
  return (value) => {
    const result = schema["~standard"].validate(value);
    return result instanceof Promise ? result.then(goodOf) : goodOf(result);
  };
}
