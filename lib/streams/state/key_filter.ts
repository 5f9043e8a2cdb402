import type { StateKey } from "./state_key.ts";

const BITS = 25, WORDS = 2 ** BITS / 32;

/**
 * Which keys may be in a set, in 4 MB: a key that was added always may, another one seldom, up to some millions.
 *
 * See: Bloom filters, as RocksDB has them
 */
export class KeyFilter {
  #words: Uint32Array | undefined;

  /** Adds a key. */
  add(key: Uint8Array): void {
    const words = this.#words ??= new Uint32Array(WORDS);
    let one = FIRST, other = SECOND;
    for (const byte of key) {
      one = Math.imul(one ^ byte, 0x01000193);
      other = Math.imul(other + byte, 0x85ebca6b);
    }
    for (const bit of bitsOf(one, other)) words[bit >>> 5]! |= 1 << (bit & 31);
  }

  /** False only for a key that was not added. */
  mayHave(key: StateKey): boolean {
    if (!this.#words) return false;
    let one = FIRST, other = SECOND;
    for (let i = 0; i < key.length; i++) {
      one = Math.imul(one ^ key.charCodeAt(i), 0x01000193);
      other = Math.imul(other + key.charCodeAt(i), 0x85ebca6b);
    }
    for (const bit of bitsOf(one, other)) {
      if ((this.#words[bit >>> 5]! & 1 << (bit & 31)) === 0) return false;
    }
    return true;
  }
}

const FIRST = 0x811c9dc5, SECOND = 0x9e3779b9;

function bitsOf(one: number, other: number): readonly number[] {
  const a = Math.imul(one ^ one >>> 15, 0x2c1b3c6d), b = other ^ other >>> 13 | 1;
  const shift = 32 - BITS;
  return [(a ^ a >>> 12) >>> shift, (a + b | 0) >>> shift, (a + Math.imul(b, 2) | 0) >>> shift];
}
