/**
 * Text that somebody else wrote, for a terminal: no character of it moves the cursor, changes colours or turns text
 * around. Tab and newline stay.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { plain } from "./_plain.ts";
 * assert.equal(plain("a\x1b[2Jb\u009b\u202e"), "a\\u001b[2Jb\\u009b\\u202e");
 * ```
 * @module
 */
export function plain(text: string): string {
  return text.replace(
    // deno-lint-ignore no-control-regex -- these are what a terminal obeys; JSON knows this way to write them.
    /[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A value that somebody else wrote, as JSON for a terminal; bytes in it are hex. */
export function plainJson(value: unknown): string {
  const text = JSON.stringify(value, (_, one) => one instanceof Uint8Array ? one.toHex() : one);
  return plain(`${text}`);
}
