/**
 * A whole number as Parquet and Thrift write it: seven bits a byte, least significant first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { varint } from "./varint.ts";
 * const bytes = [0xac, 0x02].values();
 * assert.equal(varint(() => bytes.next().value!), 300);
 * ```
 * @param nextByte Gives the next byte; what it throws where there is none, this throws.
 */
export function varint(nextByte: () => number): number {
  let value = 0;
  for (let scale = 1;; scale *= 128) {
    const byte = nextByte();
    value += (byte & 127) * scale;
    if (byte < 128) return value;
  }
}
