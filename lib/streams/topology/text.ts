/**
 * Text to bytes and back: UTF-8, with a short way for short ASCII, which most keys and many values are.
 *
 * @module
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const strict = new TextDecoder("utf-8", { fatal: true });

/** Beyond this the platform's own way is faster. */
const SHORT_CHARS = 96;
const SLAB_BYTES = 16_384;

let slab = new Uint8Array(SLAB_BYTES);
let used = 0;

/**
 * Room for a few bytes. Many small pieces share one buffer, which is far cheaper than a buffer each; whoever keeps
 * bytes for long copies them.
 */
export function room(byteCount: number): Uint8Array {
  if (used + byteCount > SLAB_BYTES) {
    slab = new Uint8Array(SLAB_BYTES);
    used = 0;
  }
  const piece = slab.subarray(used, used + byteCount);
  used += byteCount;
  return piece;
}

/**
 * Encodes text as UTF-8.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { decodeText, encodeText } from "./text.ts";
 * for (const text of ["", "a", "zürich", "🚕", "\ufffd"]) assert.equal(decodeText(encodeText(text)), text);
 * assert.throws(() => decodeText(new Uint8Array([0xff])), TypeError);
 * ```
 */
export function encodeText(text: string): Uint8Array {
  const { length } = text;
  if (length > SHORT_CHARS) return encoder.encode(text);
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 127) return encoder.encode(text);
  const bytes = room(length);
  for (let i = 0; i < length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/** Decodes UTF-8. @throws {TypeError} If the bytes are not UTF-8 */
export function decodeText(bytes: Uint8Array): string {
  const { length } = bytes;
  if (length > SHORT_CHARS) return decodeLong(bytes);
  let text = "";
  for (let i = 0; i < length; i++) {
    const byte = bytes[i]!;
    if (byte > 127) return decodeLong(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Being strict takes ten times as long: only text with the sign for "not UTF-8" in it is looked at again. */
function decodeLong(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  return text.includes("\ufffd") ? strict.decode(bytes) : text;
}

/** Decodes JSON. @throws {SyntaxError} If the bytes are something else; says where, and quotes nothing of them */
export function decodeJson(bytes: Uint8Array): unknown {
  const text = decodeText(bytes);
  try {
    return JSON.parse(text);
  } catch (error) {
    // The engine quotes the text around the place: a record's content belongs in no log.
    const why = (error as Error).message.split('"')[0]!.replace(/, (\.{3})?$/, "");
    throw new SyntaxError(`the bytes are not JSON${why && `: ${why}`}`);
  }
}
