import type { SyncSerde } from "./serde.ts";
import { decodeJson, decodeText, encodeText, slice } from "./utf8.ts";

/**
 * Text as UTF-8: Kafka Streams' `Serdes.String()`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { string } from "./serdes.ts";
 * assert.equal(string.decode(string.encode("🚕", "rides"), "rides"), "🚕");
 * ```
 * @throws {TypeError} From `encode`, if the value is no string.
 * @throws {SyntaxError} From `decode`, if the bytes are not UTF-8.
 */
export const string: SyncSerde<string> = {
  encode(value) {
    if (typeof value === "string") return encodeText(value);
    throw new TypeError(`${kind(value)} cannot be written as text (name another serde for it)`);
  },
  decode: decodeText,
};

/**
 * A whole number in 4 bytes, big end first: Kafka's `IntegerSerializer`.
 *
 * @throws {RangeError} From `encode`, if the number is not whole or does not fit 32 bits.
 * @throws {SyntaxError} From `decode`, if there are not exactly 4 bytes.
 */
export const int32: SyncSerde<number> = {
  encode(value) {
    if (value !== (value | 0)) throw new RangeError(`${value} is not a whole number of 32 bits`);
    const bytes = slice(4);
    for (let i = 0; i < 4; i++) bytes[i] = value >>> (24 - 8 * i);
    return bytes;
  },
  decode: (bytes) => viewOf(bytes, 4).getInt32(0),
};

/**
 * A whole number in 8 bytes, big end first: Kafka Streams' `Serdes.Long()`, for safe integers.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { int64 } from "./serdes.ts";
 * assert.deepEqual(int64.encode(258, "counts"), new Uint8Array([0, 0, 0, 0, 0, 0, 1, 2]));
 * ```
 * @throws {RangeError} From `encode`, if the number is not whole or not below 2^53.
 * @throws {SyntaxError} From `decode`, if there are not exactly 8 bytes.
 */
export const int64: SyncSerde<number> = {
  encode(value) {
    if (!Number.isSafeInteger(value)) {
      throw new RangeError(`${kind(value)} "${value}" is not a whole number below 2^53`);
    }
    const bytes = slice(8), high = Math.floor(value / 2 ** 32);
    for (let i = 0; i < 4; i++) {
      bytes[i] = high >> (24 - 8 * i);
      bytes[4 + i] = value >>> (24 - 8 * i);
    }
    return bytes;
  },
  decode(bytes) {
    const view = viewOf(bytes, 8);
    return view.getInt32(0) * 2 ** 32 + view.getUint32(4);
  },
};

/** Bytes as they are. */
export const bytes: SyncSerde<Uint8Array> = { encode: (value) => value, decode: (raw) => raw };

const anyJson: SyncSerde<unknown> = {
  encode(value) {
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError(`${kind(value)} cannot be written as JSON`);
    return encodeText(text);
  },
  decode: decodeJson,
};

/**
 * Compact JSON in UTF-8. Every call gives the same object, so a stream copied to another JSON topic keeps its bytes.
 *
 * Gotcha: Python's `json.dumps` writes spaces after `:` and `,`, so the same key has other bytes there, and may
 * go to another partition. Integers above 2^53 are rounded by JSON itself.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { json } from "./serdes.ts";
 * const serde = json<{ number: number }>();
 * const bytes = serde.encode({ number: 1 }, "demo_1") as Uint8Array;
 * assert.equal(new TextDecoder().decode(bytes), '{"number":1}');
 * assert.deepEqual(serde.decode(bytes, "demo_1"), { number: 1 });
 * ```
 * @throws {TypeError} From `encode`, if the value has no JSON.
 * @throws {SyntaxError} From `decode`, if the bytes are not JSON.
 */
export function json<T>(): SyncSerde<T> {
  return anyJson as SyncSerde<T>;
}

function viewOf(bytes: Uint8Array, length: number): DataView {
  if (bytes.length === length) return new DataView(bytes.buffer, bytes.byteOffset, length);
  throw new SyntaxError(
    `a whole number of ${8 * length} bits has ${length} bytes, not ${bytes.length}`,
  );
}

function kind(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
}
