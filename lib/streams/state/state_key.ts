/**
 * State keys: strings with one character per byte.
 *
 * JavaScript compares and hashes strings natively, and comparing two such strings compares the bytes, so a store can
 * use a plain Map and still list its rows in the order a Java store would.
 *
 * @module
 */

/** A key as a store keeps it: one character (0-255) per byte. */
export type StateKey = string;

/**
 * Packs bytes into a state key.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { toStateKey } from "./state_key.ts";
 * assert.equal(toStateKey(new Uint8Array([0x31, 0xff])), "1\xff");
 * ```
 */
export function toStateKey(bytes: Uint8Array): StateKey {
  let text = "";
  for (let i = 0; i < bytes.length; i++) text += String.fromCharCode(bytes[i]!);
  return text;
}

/** Unpacks a state key into bytes. */
export function toBytes(key: StateKey): Uint8Array {
  const bytes = new Uint8Array(key.length);
  for (let i = 0; i < key.length; i++) bytes[i] = key.charCodeAt(i);
  return bytes;
}

/** A time (or any whole number from 0 to 2^53) as eight bytes, big end first. */
export function timeKey(timeMs: number): StateKey {
  return intKey(Math.floor(timeMs / 2 ** 32)) + intKey(timeMs % 2 ** 32);
}

/** A whole number from 0 to 2^32 as four bytes, big end first. */
export function intKey(value: number): StateKey {
  return String.fromCharCode(
    (value >>> 24) & 255,
    (value >>> 16) & 255,
    (value >>> 8) & 255,
    value & 255,
  );
}

/** Reads the eight bytes at `at` as a time. */
export function timeAt(key: StateKey, at: number): number {
  return intAt(key, at) * 2 ** 32 + intAt(key, at + 4);
}

/** Reads the four bytes at `at` as a whole number. */
export function intAt(key: StateKey, at: number): number {
  return ((key.charCodeAt(at) << 24) | (key.charCodeAt(at + 1) << 16) |
    (key.charCodeAt(at + 2) << 8) | key.charCodeAt(at + 3)) >>> 0;
}

/** The least key above all keys that begin with a prefix. */
export function afterPrefix(prefix: StateKey): StateKey {
  const head = prefix.replace(/\xff+$/, "");
  const last = head.length - 1;
  return head.slice(0, last) + String.fromCharCode(head.charCodeAt(last) + 1);
}
