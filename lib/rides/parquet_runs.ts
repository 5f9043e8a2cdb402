/**
 * The runs of Parquet's RLE encoding, and its differences: a damaged run may announce two billion values, which a decoder
 * would write down.
 *
 * @module
 */

import { varint } from "./varint.ts";

/** Where runs stand, and how many values they are to hold. */
export interface Runs {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** Bits of a value, 1 to 32. */
  readonly width: number;
  readonly count: number;
}

/**
 * Makes sure that runs hold no more values than they may, and lie where they should.
 *
 * @returns How many of the values are 1: with levels of one bit, how many cells are not empty.
 * @throws {SyntaxError} If they do not.
 *
 * @example Five ones, as one run
 * ```ts
 * import assert from "node:assert/strict";
 * import { checkRuns } from "./parquet_runs.ts";
 * const five = { bytes: new Uint8Array([5 << 1, 1]), from: 0, to: 2, width: 1, count: 5 };
 * assert.equal(checkRuns(five), 5);
 * assert.throws(() => checkRuns({ ...five, count: 4 }), /more values/);
 * ```
 */
export function checkRuns({ bytes, from, to, width, count }: Runs): number {
  if (width > 32) throw new SyntaxError("its values are wider than 32 bits");
  let at = from, ones = 0;
  const next = () => {
    if (at >= to) throw new SyntaxError("its values end too early");
    return bytes[at++]!;
  };
  for (let seen = 0; seen < count;) {
    const header = varint(next);
    const half = Math.floor(header / 2), left = count - seen;
    if (header % 2 === 0) {
      if (half > left) throw new SyntaxError("it holds more values than its header says");
      if (bytes[at] === 1) ones += half;
      at += (width + 7) >> 3;
      seen += half;
    } else {
      for (let i = 0; i < Math.min(half * 8, left); i++) {
        ones += bytes[at + (i >> 3)]! >> (i & 7) & 1;
      }
      at += half * width;
      seen += half * 8;
    }
    // The last group of eight may be cut off where it holds nothing.
    if (at > to + width) throw new SyntaxError("its values lie outside its page");
  }
  return ones;
}

/** Whole numbers in Parquet's DELTA_BINARY_PACKED encoding. */
export interface Differences {
  readonly values: Int32Array;
  /** Index after their last byte. */
  readonly end: number;
}

/**
 * Reads whole numbers of 32 bits that are written as differences, in blocks of parts of equal width.
 *
 * @throws {SyntaxError} If they end too early, or the sizes of the parts are not legal.
 *
 * @example 7, 8, 9: the first, then one block whose smallest difference is 1 and whose parts are 0 bits wide
 * ```ts
 * import assert from "node:assert/strict";
 * import { differences } from "./parquet_runs.ts";
 * const bytes = new Uint8Array([128, 1, 4, 3, 14, 2, 0, 0, 0, 0]);
 * assert.deepEqual([...differences({ bytes, from: 0, count: 3 }).values], [7, 8, 9]);
 * ```
 */
export function differences(
  { bytes, from, count }: {
    readonly bytes: Uint8Array;
    readonly from: number;
    readonly count: number;
  },
): Differences {
  let at = from;
  const next = () => {
    if (at >= bytes.length) throw new SyntaxError("its values end too early");
    return bytes[at++]!;
  };
  const signed = () => {
    const number = varint(next);
    return number % 2 === 0 ? number / 2 : -(number + 1) / 2;
  };
  const block = varint(next), parts = varint(next), size = block / parts;
  varint(next); // How many there are: the page's header has said so.
  if (!(size >= 32 && size % 32 === 0 && parts <= 1_024)) {
    throw new SyntaxError("the sizes in a page are wrong");
  }
  const values = new Int32Array(count);
  values[0] = signed();
  for (let n = 1; n < count;) {
    const least = signed(), widths = bytes.subarray(at, at += parts);
    for (let part = 0; part < parts && n < count; part++) {
      const width = widths[part];
      if (width === undefined || width > 32 || at + size * width / 8 > bytes.length) {
        throw new SyntaxError("its values lie outside its page");
      }
      for (let i = 0; i < size && n < count; i++, n++) {
        values[n] = values[n - 1]! + least + bitsAt(bytes, at * 8 + i * width, width);
      }
      at += size * width / 8;
    }
  }
  return { values, end: at };
}

/** So many bits, the lowest first. */
function bitsAt(bytes: Uint8Array, from: number, width: number): number {
  let value = 0;
  for (let bit = 0; bit < width; bit++) {
    const at = from + bit;
    if (bytes[at >> 3]! >> (at & 7) & 1) value += 2 ** bit;
  }
  return value;
}
