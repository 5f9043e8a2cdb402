import assert from "node:assert/strict";
import { crc32c } from "./crc32c.ts";

/** Bit by bit, as the definition says. */
function slowly(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

Deno.test("crc32c() follows the definition, wherever the bytes begin and however many there are", () => {
  const all = Uint8Array.from({ length: 120 }, (_, i) => i * 167 ^ i >>> 2);
  for (let start = 0; start < 8; start++) {
    const view = all.subarray(start);
    for (let from = 0; from < 5; from++) {
      for (let to = from; to < 60; to++) {
        assert.equal(crc32c(view, from, to), slowly(view.subarray(from, to)));
      }
    }
  }
});

Deno.test("crc32c() follows the definition for long bytes, too", () => {
  const all = Uint8Array.from({ length: 40_000 }, (_, i) => i * 167 ^ i >>> 2);
  for (let i = 0; i < 64; i++) {
    const from = i % 7, to = [6_100, 6_144, 19_728, 39_900][i % 4]! + i;
    assert.equal(crc32c(all, from, to), slowly(all.subarray(from, to)), `${from} to ${to}`);
  }
});
