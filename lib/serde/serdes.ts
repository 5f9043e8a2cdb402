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
    const text = jsonOf(value);
    if (text === undefined) throw new TypeError(`${kind(value)} cannot be written as JSON`);
    return encodeText(text);
  },
  decode: decodeJson,
};

function jsonOf(value: unknown): string | undefined {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new TypeError(whyNoJson(value, error), { cause: error });
  }
  // Only where it wrote one of these can it have lost something: looking closely takes twice the time.
  if (text !== undefined && /null|\{\}|\{"0":/.test(text)) lookForLoss(value);
  return text;
}

function lookForLoss(value: unknown): void {
  try {
    JSON.stringify(value, refuseLoss);
  } catch (error) {
    // Anything else: it is nested too deeply for a look, and was written all the same.
    if (error instanceof Loss) throw error;
  }
}

/** Thrown for what JSON would write as something else, without a word. */
class Loss extends TypeError {
  constructor(what: string, fix: string) {
    super(`${what} cannot be written as JSON (${fix})`);
  }
}

function refuseLoss(_: string, part: unknown): unknown {
  if (typeof part === "number" && !Number.isFinite(part)) {
    throw new Loss(`${part}`, "it has no such number: write null, or leave it out");
  }
  if (typeof part !== "object" || part === null) return part;
  if (part instanceof Map) throw new Loss("a Map", "make it an object: Object.fromEntries(map)");
  if (part instanceof Set) throw new Loss("a Set", "make it an array: [...set]");
  if (part instanceof Promise) throw new Loss("a promise", "await it first");
  if (part instanceof Error) throw new Loss("an Error", "write its message");
  if (ArrayBuffer.isView(part)) throw new Loss("an array of bytes", "make it a list: [...bytes]");
  return part;
}

function whyNoJson(value: unknown, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (/BigInt/.test(message)) {
    return "a bigint cannot be written as JSON (write Number(it), or String(it) beyond 2^53)";
  }
  if (/circular/i.test(message)) {
    return `${kind(value)} that holds itself cannot be written as JSON`;
  }
  return message;
}

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
 * @throws {TypeError} From `encode`, if JSON would lose something: a Map, a Set, bytes, NaN, a bigint.
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
  if (value === null) return "null";
  if (Array.isArray(value)) return "an array";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
