/**
 * Sorted state keys: chunks of a few hundred keys, found by binary search.
 *
 * @module
 */
import type { StateKey } from "./state_key.ts";

const CHUNK_KEYS = 512;

/** A sorted set of keys; adding, deleting and ranging cost about the square root of nothing worth measuring. */
export class OrderedKeys {
  #chunks: StateKey[][] = [];

  /** Takes keys in any order. */
  constructor(keys: Iterable<StateKey> = []) {
    const sorted = [...keys].sort(compare);
    for (let i = 0; i < sorted.length; i += CHUNK_KEYS / 2) {
      this.#chunks.push(sorted.slice(i, i + CHUNK_KEYS / 2));
    }
  }

  /** The least key. */
  get first(): StateKey | undefined {
    return this.#chunks[0]?.[0];
  }

  /** Adds a key; nothing happens if it is there. */
  add(key: StateKey): void {
    if (this.#chunks.length === 0) {
      this.#chunks.push([key]);
      return;
    }
    const at = this.#chunkOf(key);
    const chunk = this.#chunks[at]!;
    const place = lowerBound(chunk, key);
    if (chunk[place] === key) return;
    chunk.splice(place, 0, key);
    if (chunk.length > CHUNK_KEYS) this.#chunks.splice(at + 1, 0, chunk.splice(CHUNK_KEYS / 2));
  }

  /** Deletes a key; nothing happens if it is not there. */
  delete(key: StateKey): void {
    if (this.#chunks.length === 0) return;
    const at = this.#chunkOf(key);
    const chunk = this.#chunks[at]!;
    const place = lowerBound(chunk, key);
    if (chunk[place] !== key) return;
    chunk.splice(place, 1);
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** The keys in `[from, to)`, ascending; a copy, so that the set may change meanwhile. */
  range(from: StateKey, to: StateKey): StateKey[] {
    const found: StateKey[] = [];
    if (this.#chunks.length === 0) return found;
    for (let at = this.#chunkOf(from); at < this.#chunks.length; at++) {
      const chunk = this.#chunks[at]!;
      for (let i = lowerBound(chunk, from); i < chunk.length; i++) {
        if (chunk[i]! >= to) return found;
        found.push(chunk[i]!);
      }
    }
    return found;
  }

  /** Every key, ascending. */
  all(): StateKey[] {
    return this.#chunks.flat();
  }

  /** The last chunk whose first key is not above `key`. */
  #chunkOf(key: StateKey): number {
    let low = 0, high = this.#chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#chunks[middle]![0]! <= key) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function lowerBound(sorted: readonly StateKey[], key: StateKey): number {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Not localeCompare: state keys are ordered by their bytes.
function compare(a: StateKey, b: StateKey): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
