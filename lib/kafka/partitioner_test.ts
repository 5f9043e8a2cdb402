import assert from "node:assert/strict";
import { murmur2, Partitioner, partitionOf } from "./partitioner.ts";

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

Deno.test("partitionOf() sends equal keys to one partition, whatever their bytes", () => {
  for (let length = 0; length < 20; length++) {
    const key = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 0xff);
    const partition = partitionOf(key, 3);
    assert.ok(partition >= 0 && partition < 3);
    assert.equal(partitionOf(key.slice(), 3), partition);
  }
});

Deno.test("partitionOf() sends compact and spaced JSON of one key apart, as they are other bytes", () => {
  const apart = [1, 2, 6].filter((vendorId) =>
    partitionOf(utf8(`{"vendorId":${vendorId}}`), 8) !==
      partitionOf(utf8(`{"vendorId": ${vendorId}}`), 8)
  );
  assert.ok(apart.length > 0);
});

Deno.test("Partitioner.choose() gives records without a key to the partitions in turn, per topic", () => {
  const partitioner = new Partitioner();
  const turns = [0, 1, 2].map(() => partitioner.choose("a", null, 2));
  assert.deepEqual(turns, [0, 1, 0]);
  assert.equal(partitioner.choose("b", null, 2), 0);
});
