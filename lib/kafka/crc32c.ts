/** Remainders for each byte value, and for that byte 1 to 7 places further on. */
const TABLES = tables();

function tables(): readonly Uint32Array[] {
  const first = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let rest = byte;
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f63b78 : rest >>> 1;
    first[byte] = rest;
  }
  const all = [first];
  for (let place = 1; place < 8; place++) {
    const before = all[place - 1]!;
    all.push(first.map((_, byte) => first[before[byte]! & 0xff]! ^ (before[byte]! >>> 8)));
  }
  return all;
}

const [T0, T1, T2, T3, T4, T5, T6, T7] = TABLES as [
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
  Uint32Array,
];

/**
 * CRC-32C (Castagnoli), the checksum of Kafka's record batches; eight bytes a step.
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
  let crc = 0xffffffff, at = from;
  for (const end = to - 7; at < end; at += 8) {
    crc ^= bytes[at]! | bytes[at + 1]! << 8 | bytes[at + 2]! << 16 | bytes[at + 3]! << 24;
    crc = T7[crc & 0xff]! ^ T6[crc >>> 8 & 0xff]! ^ T5[crc >>> 16 & 0xff]! ^ T4[crc >>> 24]! ^
      T3[bytes[at + 4]!]! ^ T2[bytes[at + 5]!]! ^ T1[bytes[at + 6]!]! ^ T0[bytes[at + 7]!]!;
  }
  for (; at < to; at++) crc = T0[(crc ^ bytes[at]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
