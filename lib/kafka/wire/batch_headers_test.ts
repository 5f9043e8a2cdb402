import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { rawBatch, sealed } from "../../../tests/testkit/raw_batch.ts";
import { batchHeaders } from "./batch_headers.ts";

/** A batch of a transaction; its marker has one record, whose key names the kind. */
function transactional(firstOffset: number, values: string[], key?: readonly number[]): Buffer {
  const record = key && Buffer.from([22, 0, 0, 0, 8, ...key, 0, 0]);
  const batch = rawBatch({ firstOffset, values, ...(record && { body: () => record }) });
  batch.writeInt16BE(key ? 0x30 : 0x10, 21);
  batch.writeBigInt64BE(7n, 43);
  return sealed(batch);
}

Deno.test("batchHeaders() tells who wrote what in which transaction, and how that ended", () => {
  const plain = rawBatch({ firstOffset: 0, values: ["a", "b"] });
  const bytes = Buffer.concat([
    plain,
    transactional(2, ["c"]),
    transactional(3, [""], [0, 0, 0, 1]),
    transactional(4, ["d"]),
    transactional(5, [""], [0, 0, 0, 0]),
    plain.subarray(0, 70),
  ]);
  const found = batchHeaders(bytes, 1).map((one) => [
    ...[one.firstOffset, one.lastOffset, one.producerId, one.isTransactional, one.marker],
  ]);
  assert.deepEqual(found, [
    [0, 1, -1n, false, null],
    [2, 2, 7n, true, null],
    [3, 3, 7n, true, "commit"],
    [4, 4, 7n, true, null],
    [5, 5, 7n, true, "abort"],
  ]);
  assert.deepEqual(batchHeaders(bytes, 4).map(({ firstOffset }) => firstOffset), [4, 5]);
});

Deno.test("batchHeaders() reads damaged bytes as far as they say where the next batch begins", () => {
  const batch = rawBatch({ values: ["a"] });
  for (let at = 0; at < 61; at++) {
    const damaged = Buffer.from(batch);
    damaged[at] = 255;
    assert.ok(batchHeaders(Buffer.concat([damaged, batch]), 0).length <= 2);
  }
});
