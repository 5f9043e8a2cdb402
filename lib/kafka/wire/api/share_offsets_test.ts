import assert from "node:assert/strict";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { decodeShareOffsets } from "./share_offsets.ts";

/** A response with one group, as the protocol guide has it. */
function response(
  version: number,
  partitions: readonly (readonly [partition: number, offset: number, lag: number, code: number])[],
  code = 0,
): Uint8Array {
  const list = partitions.map(([partition, offset, lag, code]) => {
    const one = new Encoder().writeInt32(partition).writeInt64(`${offset}`).writeInt32(3);
    if (version >= 1) one.writeInt64(`${lag}`);
    return one.writeInt16(code).writeUVarIntString(null).writeUVarInt(0);
  });
  const topic = new Encoder().writeUVarIntString("rides").writeInt64("1").writeInt64("2")
    .writeUVarIntArray(list).writeUVarInt(0);
  const group = new Encoder().writeUVarIntString("g").writeUVarIntArray([topic])
    .writeInt16(code).writeUVarIntString(null).writeUVarInt(0);
  return new Encoder().writeUVarInt(0).writeInt32(0).writeUVarIntArray([group]).writeUVarInt(0)
    .buffer;
}

const at = (partition: number, offset: number, lag: number | null) => ({
  ...{ topic: "rides", partition, offset, lag },
});

Deno.test("decodeShareOffsets() reads where a share group is, and its lag where the broker tells it", () => {
  const found = decodeShareOffsets(response(1, [[1, 7, 3, 0], [0, 5, -1, 0]]), 1);
  assert.deepEqual(found, [at(0, 5, null), at(1, 7, 3)]);
  assert.deepEqual(decodeShareOffsets(response(0, [[0, 5, 0, 0]]), 0), [at(0, 5, null)]);
});

Deno.test("decodeShareOffsets() leaves out what the group has not begun, and fails where it may not be asked", () => {
  assert.deepEqual(decodeShareOffsets(response(1, [[0, -1, 9, 0], [1, 4, 2, 3]]), 1), []);
  assert.throws(() => decodeShareOffsets(response(1, [], 30), 1), {
    type: "GROUP_AUTHORIZATION_FAILED",
  });
});
