/**
 * Turns values into bytes and back; `null` stands for "no key" or a tombstone in both directions.
 *
 * Any object of this shape will do: `lib/avro` makes them without knowing this room.
 */
export interface Serde<T> {
  /** Bytes to store; null stores no key, or a tombstone. At once where it can: a promise per record costs time. */
  encode(value: T, topic: string): Uint8Array | null | Promise<Uint8Array | null>;
  /** The value of these bytes. Throws what is wrong with them; the reader adds topic, partition and offset. */
  decode(bytes: Uint8Array | null, topic: string): T | Promise<T>;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const strict = new TextDecoder("utf-8", { fatal: true });

/**
 * Compact JSON in UTF-8.
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
 * @throws {SyntaxError} From `decode`, if the bytes are not JSON.
 */
export function json<T>(): Serde<T> {
  return jsonSerde as Serde<T>;
}

const jsonSerde: Serde<unknown> = {
  encode(value) {
    if (value === null || value === undefined) return null;
    const text = JSON.stringify(value);
    if (text === undefined) throw new TypeError(`a ${typeof value} cannot be written as JSON`);
    return utf8Bytes(text);
  },
  decode(bytes) {
    if (bytes === null) return null;
    const text = utf8(bytes);
    try {
      return JSON.parse(text);
    } catch (error) {
      // The engine quotes the text around the place: a record's content belongs in no log.
      const why = (error as Error).message.split('"')[0]!.replace(/, (\.{3})?$/, "");
      throw new SyntaxError(`the bytes are not JSON${why && `: ${why}`}`);
    }
  },
};

/** UTF-8 text. @throws {SyntaxError} From `decode`, if the bytes are not UTF-8. */
export const text: Serde<string | null> = {
  encode: (value) => value === null ? null : utf8Bytes(value),
  decode: (bytes) => bytes === null ? null : utf8(bytes),
};

/**
 * A whole number of 4 bytes, big endian, as Java's `IntegerSerializer` writes it.
 *
 * @throws {RangeError} From `encode`, if the number is not whole or does not fit 32 bits.
 * @throws {SyntaxError} From `decode`, if there are not exactly 4 bytes.
 */
export const int: Serde<number | null> = {
  encode(value) {
    if (value === null) return null;
    if (value !== (value | 0)) throw new RangeError(`${value} is not a whole number of 32 bits`);
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setInt32(0, value);
    return bytes;
  },
  decode(bytes) {
    if (bytes === null) return null;
    if (bytes.length !== 4) throw new SyntaxError(`an int has 4 bytes, not ${bytes.length}`);
    return new DataView(bytes.buffer, bytes.byteOffset).getInt32(0);
  },
};

/** Bytes as they are. */
export const bytes: Serde<Uint8Array | null> = {
  encode: (value) => value,
  decode: (value) => value,
};

/** Being strict takes ten times as long: only text with the sign for "not UTF-8" in it is looked at again. */
function utf8(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  if (!text.includes("\ufffd")) return text;
  try {
    return strict.decode(bytes);
  } catch {
    throw new SyntaxError("the bytes are not UTF-8 text");
  }
}

const SLAB_BYTES = 65_536, SHORT = 24;
let slab = new Uint8Array(0), used = 0;

/** UTF-8 of a text. Small ones share a buffer: making one for each takes five times as long as writing the text. */
function utf8Bytes(text: string): Uint8Array {
  const most = 3 * text.length;
  if (most > SLAB_BYTES / 4) return encoder.encode(text);
  if (used + most > slab.length) {
    slab = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  const written = (text.length <= SHORT ? writeAscii(text) : undefined) ??
    encoder.encodeInto(text, slab.subarray(used)).written;
  return slab.subarray(used, used += written);
}

/** Writes a text of ASCII alone, where a call into the runtime would cost more; undefined if it has other characters. */
function writeAscii(text: string): number | undefined {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return undefined;
    slab[used + i] = code;
  }
  return text.length;
}
