import assert from "node:assert/strict";
import { murmur2, partitionFor } from "./murmur2.ts";

/** Computed by Kafka's Java client. */
const JAVA: [string, number, number][] = [
  ["", 275646681, 3],
  ["1", -1993445489, 3],
  ["2", 648968168, 2],
  ["3", -1148165505, 5],
  ["vendor-1", -1082594672, 0],
  ["abcde", 461995741, 1],
  ["zürich", 1564393856, 2],
  ["🚕", -1170958328, 0],
];

Deno.test("murmur2() and partitionFor() agree with the Java client", () => {
  for (const [key, hash, partition] of JAVA) {
    const bytes = new TextEncoder().encode(key);
    assert.equal(murmur2(bytes), hash, key);
    assert.equal(partitionFor(bytes, 6), partition, key);
  }
});
