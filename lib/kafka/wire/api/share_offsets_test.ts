import assert from "node:assert/strict";
import { RequestWriter } from "../request_writer.ts";
import { decodeBody } from "./api.ts";
import { SHARE_OFFSETS } from "./share_offsets.ts";

/** A response with one group, as the protocol guide has it. */
function response(
  version: number,
  partitions: readonly (readonly [partition: number, offset: number, lag: number, code: number])[],
  code = 0,
): Uint8Array {
  const out = new RequestWriter(true);
  out.tags();
  out.int32(0);
  out.array(["g"], (group) => {
    out.string(group);
    out.array(["rides"], (topic) => {
      out.string(topic);
      out.raw(new Uint8Array(16));
      out.array(partitions, ([partition, offset, lag, code]) => {
        out.int32(partition);
        out.int64(offset);
        out.int32(3);
        if (version >= 1) out.int64(lag);
        out.int16(code);
        out.string(null);
        out.tags();
      });
      out.tags();
    });
    out.int16(code);
    out.string(null);
    out.tags();
  });
  out.tags();
  return out.bytes;
}

const decode = (bytes: Uint8Array, version: number) => decodeBody(SHARE_OFFSETS, bytes, version);

const at = (partition: number, offset: number, lag: number | null) => ({
  ...{ topic: "rides", partition, offset, lag },
});

Deno.test("SHARE_OFFSETS reads where a share group is, and its lag where the broker tells it", () => {
  const { offsets } = decode(response(1, [[1, 7, 3, 0], [0, 5, -1, 0]]), 1);
  assert.deepEqual(offsets, [at(0, 5, null), at(1, 7, 3)]);
  assert.deepEqual(decode(response(0, [[0, 5, 0, 0]]), 0).offsets, [at(0, 5, null)]);
});

Deno.test("SHARE_OFFSETS leaves out what the group has not begun, and tells that it may not be asked", () => {
  assert.deepEqual(decode(response(1, [[0, -1, 9, 0], [1, 4, 2, 3]]), 1).offsets, []);
  assert.equal(decode(response(1, [], 30), 1).errorCode, 30);
});
