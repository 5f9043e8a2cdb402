/**
 * Rows as bytes in one large buffer, found by a hash table of numbers: some 24 to 32 bytes a row beside its key and
 * value, and nothing for the garbage collector to look at.
 *
 * @module
 */
import type { StateKey } from "./state_key.ts";

/** What a {@link PackedRows} holds under a key. */
export interface PackedRow {
  /** A copy; null where the row was deleted. */
  readonly value: Uint8Array | null;
  readonly timestamp: number;
}

/**
 * Bytes before the key: its length times two, plus 1 where the row changed; the length of the value, or where it was
 * deleted the room that it left, as `~room`; and the time.
 */
const HEAD = 16, KEY = 0, VALUE = 4, TIME = 8;
const EMPTY = 0;
const FIRST_BYTES = 1 << 16, FIRST_SLOTS = 1 << 10;
/** The buffer reserves addresses to grow in place: a copy for each growth would cost as much memory again. */
const MAX_BYTES = 2 ** 30, GROWTH_BYTES = 2 ** 20;
/** Above this it has to be cleared, so that the largest record still fits. */
export const FULL_BYTES: number = MAX_BYTES - 2 ** 27;

/** Rows and deletions by key, each changed or not; not in order until they are listed. */
export class PackedRows {
  readonly #buffer = new ArrayBuffer(FIRST_BYTES, { maxByteLength: MAX_BYTES });
  readonly #bytes = new Uint8Array(this.#buffer);
  readonly #view = new DataView(this.#buffer);
  /** Behind the last entry; 0 stands for none, so entries begin at 8. */
  #end = 8;
  /** Hash -> where an entry begins. */
  #slots = new Int32Array(FIRST_SLOTS);
  #entries = 0;
  /** Where the entries begin that have changed; some of them were left behind since. */
  #changes: number[] = [];
  #changed = 0;

  /** Bytes that it uses, entries that became too small included. */
  get byteLength(): number {
    return this.#end + this.#slots.byteLength;
  }

  /** How many of its rows have changed since {@link unchanged}. */
  get changed(): number {
    return this.#changed;
  }

  /** What is known of a key; undefined where nothing is. */
  get(key: StateKey): PackedRow | undefined {
    const at = this.#slots[this.#slotOf(key)]!;
    if (at === EMPTY) return undefined;
    const row = this.#rowAt(at, key.length);
    return { ...row, value: row.value && row.value.slice() };
  }

  /** Whether there is a row under a key; undefined where nothing is known of it. */
  has(key: StateKey): boolean | undefined {
    const at = this.#slots[this.#slotOf(key)]!;
    return at === EMPTY ? undefined : this.#view.getInt32(at + VALUE, true) >= 0;
  }

  /** Sets what is known of a key. `isChange`: {@link changes} lists it. */
  set(key: StateKey, value: Uint8Array | null, timestamp: number, isChange: boolean): void {
    const slot = this.#slotOf(key), length = value?.length ?? 0;
    const view = this.#view, before = this.#slots[slot]!;
    const wasChange = before !== EMPTY && this.#isChange(before);
    let at = before;
    if (before === EMPTY || this.#roomAt(before) < length) {
      // An entry that has become too small is left behind until all are cleared.
      at = this.#slots[slot] = this.#add(key, length);
      if (before === EMPTY) this.#entries++;
      else this.#mark(before, false);
      if (wasChange) this.#changes.push(at);
    }
    view.setInt32(at + VALUE, value === null ? ~this.#roomAt(at) : length, true);
    this.#mark(at, isChange || wasChange);
    view.setFloat64(at + TIME, timestamp, true);
    if (value) this.#bytes.set(value, at + HEAD + key.length);
    if (isChange && !wasChange) {
      this.#changes.push(at);
      this.#changed++;
    }
    if (this.#entries * 2 > this.#slots.length) this.#rehash();
  }

  /** What has changed, in the order of the keys' bytes: views, valid until the next `set()` or `clear()`. */
  *changes(): Generator<readonly [key: Uint8Array, PackedRow]> {
    const all = this.#changes.filter((at) => this.#isChange(at));
    for (const at of this.#sorted(all)) {
      const length = this.#keyLength(at), from = at + HEAD;
      yield [this.#bytes.subarray(from, from + length), this.#rowAt(at, length)];
    }
  }

  /** All rows count as not changed from now on. */
  unchanged(): void {
    for (const at of this.#changes) this.#mark(at, false);
    this.#changes = [];
    this.#changed = 0;
  }

  /** Forgets everything, and gives its memory back. */
  clear(): void {
    this.#buffer.resize(FIRST_BYTES);
    this.#end = 8;
    this.#slots = new Int32Array(FIRST_SLOTS);
    this.#changes = [];
    this.#entries = this.#changed = 0;
  }

  #rowAt(at: number, keyLength: number): PackedRow {
    const from = at + HEAD + keyLength, length = this.#view.getInt32(at + VALUE, true);
    return {
      value: length < 0 ? null : this.#bytes.subarray(from, from + length),
      timestamp: this.#view.getFloat64(at + TIME, true),
    };
  }

  #keyLength(at: number): number {
    return this.#view.getUint32(at + KEY, true) >>> 1;
  }

  #isChange(at: number): boolean {
    return (this.#view.getUint8(at + KEY) & 1) === 1;
  }

  #mark(at: number, isChange: boolean): void {
    const low = this.#view.getUint8(at + KEY);
    this.#view.setUint8(at + KEY, isChange ? low | 1 : low & ~1);
  }

  /** How long a value may be there now. */
  #roomAt(at: number): number {
    const length = this.#view.getInt32(at + VALUE, true);
    return length < 0 ? ~length : roomFor(length);
  }

  /** The slot of a key, or the empty one where it would be. */
  #slotOf(key: StateKey): number {
    const mask = this.#slots.length - 1;
    for (let slot = hashOf(key) & mask;; slot = (slot + 1) & mask) {
      const at = this.#slots[slot]!;
      if (at === EMPTY || this.#isAt(at, key)) return slot;
    }
  }

  #isAt(at: number, key: StateKey): boolean {
    if (this.#keyLength(at) !== key.length) return false;
    const bytes = this.#bytes, from = at + HEAD;
    for (let i = 0; i < key.length; i++) if (bytes[from + i] !== key.charCodeAt(i)) return false;
    return true;
  }

  #add(key: StateKey, valueLength: number): number {
    const at = this.#end, end = at + HEAD + key.length + roomFor(valueLength) + 7 & ~7;
    if (end > this.#buffer.byteLength) {
      this.#buffer.resize(Math.min(MAX_BYTES, end + GROWTH_BYTES));
    }
    this.#end = end;
    this.#view.setUint32(at + KEY, key.length * 2, true);
    this.#view.setInt32(at + VALUE, valueLength, true);
    for (let i = 0; i < key.length; i++) this.#bytes[at + HEAD + i] = key.charCodeAt(i);
    return at;
  }

  #rehash(): void {
    const before = this.#slots, mask = before.length * 2 - 1;
    this.#slots = new Int32Array(before.length * 2);
    for (const at of before) {
      if (at === EMPTY) continue;
      let slot = this.#hashAt(at) & mask;
      while (this.#slots[slot] !== EMPTY) slot = (slot + 1) & mask;
      this.#slots[slot] = at;
    }
  }

  #hashAt(at: number): number {
    const length = this.#keyLength(at), bytes = this.#bytes;
    let hash = 0x811c9dc5;
    for (let i = at + HEAD; i < at + HEAD + length; i++) {
      hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
    }
    return mixed(hash);
  }

  /** Entries in the order of their keys: most are told apart by six bytes behind what all begin with, as a number. */
  #sorted(entries: readonly number[]): number[] {
    const from = this.#commonBytes(entries);
    const heads = Float64Array.from(entries, (at) => this.#headOf(at, from));
    const order = Int32Array.from(entries, (_, i) => i);
    order.sort((a, b) => heads[a]! - heads[b]! || this.#compare(entries[a]!, entries[b]!));
    return Array.from(order, (i) => entries[i]!);
  }

  /** With how many equal bytes all keys begin. */
  #commonBytes([first = 0, ...rest]: readonly number[]): number {
    const bytes = this.#bytes;
    let common = first === 0 ? 0 : this.#keyLength(first);
    for (const at of rest) {
      common = Math.min(common, this.#keyLength(at));
      for (let i = 0; i < common; i++) {
        if (bytes[first + HEAD + i] !== bytes[at + HEAD + i]) common = i;
      }
    }
    return common;
  }

  #headOf(at: number, from: number): number {
    const length = this.#keyLength(at);
    let head = 0;
    for (let i = from; i < from + 6; i++) {
      head = head * 256 + (i < length ? this.#bytes[at + HEAD + i]! : 0);
    }
    return head;
  }

  #compare(a: number, b: number): number {
    const bytes = this.#bytes, lengthA = this.#keyLength(a), lengthB = this.#keyLength(b);
    for (let i = 0; i < Math.min(lengthA, lengthB); i++) {
      const difference = bytes[a + HEAD + i]! - bytes[b + HEAD + i]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }
}

/** A multiple of eight bytes, so that a value that grows a little stays where it is. */
function roomFor(length: number): number {
  return length + 7 & ~7;
}

/** FNV-1a over the key's bytes. */
function hashOf(key: StateKey): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return mixed(hash);
}

/** Spreads a hash over its low bits, which choose the slot. */
function mixed(hash: number): number {
  const half = Math.imul(hash ^ hash >>> 16, 0x85ebca6b);
  return (half ^ half >>> 13) >>> 0;
}
