/**
 * Serdes: how keys and values become bytes, and back.
 *
 * @module
 */
import { decodeJson, decodeText, encodeText, room } from "./text.ts";

/** What a broker stores for a key or a value; null is "no key", or a tombstone. */
export type Bytes = Uint8Array | null;

/**
 * Turns values into bytes and back. `null` stands for itself on both sides and never reaches a serde.
 *
 * Gotcha: a promise is allowed, but it makes every record wait; answer synchronously once warm.
 */
export interface Serde<T> {
  /** Encodes a value for a topic. */
  encode(value: T, topic: string): Bytes | Promise<Bytes>;
  /** Decodes the bytes of a topic. @throws if the bytes are not a `T` */
  decode(bytes: Bytes, topic: string): T | Promise<T>;
  /**
   * Gets ready to answer at once for a topic, as by registering a schema. A worker calls it, before it starts, for its
   * stores and internal topics, where nothing can wait.
   */
  ready?(topic: string): Promise<void>;
}

/** A serde that always answers at once. */
export interface SyncSerde<T> extends Serde<T> {
  /** Encodes a value for a topic, without a promise. */
  encode(value: T, topic: string): Uint8Array;
  /** Decodes the bytes of a topic, without a promise. @throws if the bytes are not a `T` */
  decode(bytes: Bytes, topic: string): T;
}

/** A serde whose type is known elsewhere. */
// deno-lint-ignore no-explicit-any
export type AnySerde = Serde<any>;

/**
 * Text as UTF-8: Kafka Streams' `Serdes.String()`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { string } from "./serde.ts";
 * assert.equal(string.decode(string.encode("🚕", "rides"), "rides"), "🚕");
 * ```
 */
export const string: SyncSerde<string> = {
  encode: (value) => {
    if (typeof value === "string") return encodeText(value);
    throw new TypeError(`Cannot encode as text: it is ${kind(value)} (name another serde for it)`);
  },
  decode: (bytes) => decodeText(bytes!),
};

/**
 * A whole number in eight bytes, big end first: Kafka Streams' `Serdes.Long()`, for safe integers.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { integer } from "./serde.ts";
 * assert.deepEqual(integer.encode(258, "counts"), new Uint8Array([0, 0, 0, 0, 0, 0, 1, 2]));
 * ```
 */
export const integer: SyncSerde<number> = {
  encode: (value) => {
    if (!Number.isSafeInteger(value)) {
      throw new TypeError(`Cannot encode as a whole number: it is ${kind(value)} "${value}"`);
    }
    const bytes = room(8);
    const high = Math.floor(value / 2 ** 32);
    for (let i = 0; i < 4; i++) {
      bytes[i] = high >> (24 - 8 * i);
      bytes[4 + i] = value >>> (24 - 8 * i);
    }
    return bytes;
  },
  decode: (bytes) => {
    if (bytes!.length !== 8) {
      throw new SyntaxError(`Cannot decode a whole number: it has ${bytes!.length} bytes, not 8`);
    }
    const view = new DataView(bytes!.buffer, bytes!.byteOffset, 8);
    return view.getInt32(0) * 2 ** 32 + view.getUint32(4);
  },
};

/** Bytes as they are. */
export const bytes: SyncSerde<Uint8Array> = { encode: (value) => value, decode: (raw) => raw! };

const anyJson: SyncSerde<unknown> = {
  encode: (value) => {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError(`Cannot encode as JSON: it is ${kind(value)}`);
    return encodeText(text);
  },
  decode: (raw) => decodeJson(raw!),
};

/**
 * Compact JSON as UTF-8. All calls give the same object, so a stream copied to another JSON topic keeps its bytes.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { json } from "./serde.ts";
 * const ride = json<{ vendorId: number }>();
 * const bytes = ride.encode({ vendorId: 1 }, "rides") as Uint8Array;
 * assert.deepEqual(ride.decode(bytes, "rides"), { vendorId: 1 });
 * ```
 */
export function json<T>(): Serde<T> {
  return anyJson as Serde<T>;
}

/** The serdes that always answer at once, so that decoding can wait until somebody looks. */
const synchronous = new WeakSet<object>([string, integer, bytes, anyJson]);

/** Whether a serde is known to answer without a promise. */
export function isSynchronous(serde: AnySerde): boolean {
  return synchronous.has(serde);
}

/** Declares that a serde never answers with a promise. */
export function declareSynchronous<S extends AnySerde>(serde: S): S {
  synchronous.add(serde);
  return serde;
}

function kind(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
