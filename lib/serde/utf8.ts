/**
 * Text to bytes and back: UTF-8, with short ways for short ASCII, which most keys and many values are.
 *
 * @module
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const strict = new TextDecoder("utf-8", { fatal: true });

/** Up to so many characters a loop is faster than a call into the runtime: writing, and reading. */
const SHORT_TO_WRITE = 24, SHORT_TO_READ = 96;
const SLAB_BYTES = 65_536;

let slab = new Uint8Array(0), used = 0;

/**
 * Room for a few bytes. Small pieces share one buffer, as making a buffer takes five times as long as writing a text: who
 * keeps bytes for long copies them.
 */
export function slice(byteCount: number): Uint8Array {
  if (byteCount > SLAB_BYTES / 4) return new Uint8Array(byteCount);
  ensureRoom(byteCount);
  return taken(byteCount);
}

/** The next bytes of the slab; `subarray` looks for a subclass first, which takes three times as long. */
function taken(byteCount: number): Uint8Array {
  const from = used;
  used += byteCount;
  return new Uint8Array(slab.buffer, from, byteCount);
}

function ensureRoom(byteCount: number): void {
  if (used + byteCount <= slab.length) return;
  slab = new Uint8Array(SLAB_BYTES);
  used = 0;
}

/** Encodes text as UTF-8; half a surrogate pair becomes U+FFFD. */
export function encodeText(text: string): Uint8Array {
  const maxBytes = 3 * text.length;
  if (maxBytes > SLAB_BYTES / 4) return encoder.encode(text);
  ensureRoom(maxBytes);
  const written = (text.length <= SHORT_TO_WRITE ? writeAscii(text) : undefined) ??
    encoder.encodeInto(text, new Uint8Array(slab.buffer, used)).written;
  return taken(written);
}

/** Writes ASCII text into the slab; undefined if there are other characters. */
function writeAscii(text: string): number | undefined {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return undefined;
    slab[used + i] = code;
  }
  return text.length;
}

/** Decodes UTF-8. @throws {SyntaxError} If the bytes are not UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  const { length } = bytes;
  if (length > SHORT_TO_READ) return decodeLong(bytes);
  let text = "";
  for (let i = 0; i < length; i++) {
    const byte = bytes[i]!;
    if (byte > 0x7f) return decodeLong(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Being strict takes ten times as long: only text with U+FFFD in it is decoded again. */
function decodeLong(bytes: Uint8Array): string {
  const text = decoder.decode(bytes);
  if (!text.includes("\ufffd")) return text;
  try {
    return strict.decode(bytes);
  } catch {
    throw new SyntaxError("the bytes are not UTF-8 text");
  }
}

/** Decodes JSON. @throws {SyntaxError} If the bytes are something else: says where, and quotes nothing of them. */
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
