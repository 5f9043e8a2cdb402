import assert from "node:assert/strict";
import { byPartition, cutBatch, recordBytes } from "./batch.ts";

const waiting = (bytes: number, partition = 0) => ({ topic: "t", partition, bytes });

Deno.test("cutBatch() takes as many records as fit", () => {
  assert.equal(cutBatch([waiting(40), waiting(40), waiting(40)], 80), 2);
});

Deno.test("cutBatch() takes at least one record, even one that is too large", () => {
  assert.equal(cutBatch([waiting(500), waiting(1)], 100), 1);
});

Deno.test("cutBatch() takes nothing from an empty queue", () => {
  assert.equal(cutBatch([], 100), 0);
});

Deno.test("byPartition() keeps the order inside each partition", () => {
  const batch = [waiting(1, 1), waiting(2, 0), waiting(3, 1)];
  const parts = byPartition(batch).map((part) => part.map(({ bytes }) => bytes));
  assert.deepEqual(parts, [[1, 3], [2]]);
});

Deno.test("recordBytes() never says less than a record takes on the wire", () => {
  // Varints of length, timestamp delta (up to 10 bytes), offset delta, key and value length, header count.
  assert.ok(recordBytes(null, null) >= 1 + 1 + 10 + 5 + 1 + 1 + 1);
  assert.ok(recordBytes(new Uint8Array(3), new Uint8Array(4), [["ä", new Uint8Array(2)]]) >= 9);
});
