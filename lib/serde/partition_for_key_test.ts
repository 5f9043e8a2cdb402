import assert from "node:assert/strict";
import { murmur2, partitionForKey } from "./partition_for_key.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);

Deno.test("murmur2() gives what the Java client's own test expects", () => {
  // Apache Kafka, clients/src/test/java/org/apache/kafka/common/utils/UtilsTest.java, testMurmur2.
  const golden: readonly [string, number][] = [
    ["21", -973932308],
    ["foobar", -790332482],
    ["a-little-bit-long-string", -985981536],
    ["a-little-bit-longer-string", -1486304829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
    ["abc", 479470107],
  ];
  for (const [text, hash] of golden) assert.equal(murmur2(utf8(text)), hash, text);
});

Deno.test("partitionForKey() sends equal keys to one partition, whatever their bytes", () => {
  for (let length = 0; length < 20; length++) {
    const key = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
    const partition = partitionForKey(key, 3);
    assert.ok(partition >= 0 && partition < 3);
    assert.equal(partitionForKey(key.slice(), 3), partition);
  }
});

Deno.test("partitionForKey() sends compact and spaced JSON of one key apart, as they are other bytes", () => {
  const apart = [1, 2, 6].filter((vendorId) =>
    partitionForKey(utf8(`{"vendorId":${vendorId}}`), 8) !==
      partitionForKey(utf8(`{"vendorId": ${vendorId}}`), 8)
  );
  assert.ok(apart.length > 0);
});

Deno.test("partitionForKey() agrees with the Java client on text of every length and script", () => {
  // Computed by Kafka's Java client.
  const golden: readonly [string, number, number][] = [
    ["", 275646681, 3],
    ["1", -1993445489, 3],
    ["2", 648968168, 2],
    ["3", -1148165505, 5],
    ["vendor-1", -1082594672, 0],
    ["abcde", 461995741, 1],
    ["zürich", 1564393856, 2],
    ["🚕", -1170958328, 0],
  ];
  for (const [key, hash, partition] of golden) {
    assert.equal(murmur2(utf8(key)), hash, key);
    assert.equal(partitionForKey(utf8(key), 6), partition, key);
  }
});
