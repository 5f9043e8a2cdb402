import { fold } from "./crc32c_fold.ts";

/** Remainders for each byte value, then for that byte 1 to 15 places further on: one table is looked up faster than 16. */
const TABLE = table();

function table(): Int32Array {
  const all = new Int32Array(16 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
    all[byte] = rest;
  }
  for (let at = 256; at < all.length; at++) {
    const before = all[at - 256]!;
    all[at] = all[before & 0xff]! ^ (before >>> 8);
  }
  return all;
}

/**
 * CRC-32C (Castagnoli), the checksum of Kafka's record batches.
 *
 * @example The check value of the algorithm's catalogue
 * ```ts
 * import assert from "node:assert/strict";
 * import { crc32c } from "./crc32c.ts";
 * assert.equal(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
 * ```
 * @returns From 0 to 2^32 − 1.
 * @see RFC 3720, appendix B.4; Kounavis and Berry, "slicing-by-8"
 */
export function crc32c(bytes: Uint8Array, from = 0, to: number = bytes.length): number {
  const short = fold(bytes, from, to);
  const crc = short ? divide(0, short, 0, short.length) : divide(-1, bytes, from, to);
  return (crc ^ -1) >>> 0;
}

/** Sixteen bytes a step, read as four words. All that Deno runs on keeps the low byte of a word first. */
function divide(crc: number, bytes: Uint8Array, from: number, to: number): number {
  // Words begin at multiples of four bytes.
  const wordsAt = from + (-(bytes.byteOffset + from) & 3), count = to - wordsAt >> 4 << 2;
  if (count <= 0) return single(crc, bytes, { from, to });
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + wordsAt, count);
  crc = single(crc, bytes, { from, to: wordsAt });
  for (let i = 0; i < count; i += 4) {
    const b = words[i + 1]!, c = words[i + 2]!, d = words[i + 3]!;
    // What does not depend on the step before comes first: a processor works ahead on it.
    const others = TABLE[2816 | b & 0xff]! ^ TABLE[2560 | b >>> 8 & 0xff]! ^
      TABLE[2304 | b >>> 16 & 0xff]! ^ TABLE[2048 | b >>> 24]! ^
      TABLE[1792 | c & 0xff]! ^ TABLE[1536 | c >>> 8 & 0xff]! ^
      TABLE[1280 | c >>> 16 & 0xff]! ^ TABLE[1024 | c >>> 24]! ^
      TABLE[768 | d & 0xff]! ^ TABLE[512 | d >>> 8 & 0xff]! ^
      TABLE[256 | d >>> 16 & 0xff]! ^ TABLE[d >>> 24]!;
    const a = crc ^ words[i]!;
    crc = (TABLE[3840 | a & 0xff]! ^ TABLE[3584 | a >>> 8 & 0xff]!) ^
      (TABLE[3328 | a >>> 16 & 0xff]! ^ TABLE[3072 | a >>> 24]! ^ others);
  }
  return single(crc, bytes, { from: wordsAt + 4 * count, to });
}

function single(crc: number, bytes: Uint8Array, range: { from: number; to: number }): number {
  for (let at = range.from; at < range.to; at++) {
    crc = TABLE[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  }
  return crc;
}
