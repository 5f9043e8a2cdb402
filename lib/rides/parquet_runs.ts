/**
 * The runs of Parquet's RLE encoding: a damaged one may announce two billion values, which a decoder would write down.
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
