/**
 * A topic as the engine sees it: a name, two serdes, a clock and a check.
 *
 * @module
 */
import { json, type Serde } from "./serde.ts";

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
}

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
  options: TopicOptions<K, V> = {},
): Topic<K, V> {
  if (!/^[\w.-]{1,249}$/.test(name) || name === "." || name === "..") {
    throw new SyntaxError(
      `Cannot use topic name "${name}": Kafka accepts 1-249 letters, digits, ".", "_" and "-"`,
    );
  }
  const value = options.value ?? json<V>();
  return {
    name,
    key: options.key ?? json<K>(),
    value: options.validate ? checked(value, options.validate) : value,
    ...(options.timestamp ? { timestamp: options.timestamp } : {}),
  };
}

function checked<V>(serde: Serde<V>, validate: Validator<V>): Serde<V> {
  const check = typeof validate === "function" ? validate : standardCheck(validate);
  const good = (value: V) => check(value) ?? value;
  return {
    encode: (value, name) => serde.encode(value, name),
    decode: (bytes, name) => {
      const value = serde.decode(bytes, name);
      return value instanceof Promise ? value.then(good) : good(value);
    },
  };
}

function standardCheck<V>(schema: StandardSchema<V>): (value: V) => V {
  return (value) => {
    const result = schema["~standard"].validate(value) as {
      value: V;
      issues?: readonly { message: string }[];
    };
    if (result.issues) throw new TypeError(result.issues.map((one) => one.message).join("; "));
    return result.value;
  };
}
