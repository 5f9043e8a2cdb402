import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { decodeCommitted, encodeOffsetFetch } from "./group_offsets.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const partitions = [{ topic: "t", partition: 2 }];

Deno.test("encodeOffsetFetch() asks brokers before Kafka 2.5 without the wish for stable offsets", () => {
  const old = encodeOffsetFetch("g", partitions, { stable: true, apiVersion: 5 });
  assert.equal(old.buffer.toString("hex"), "0001670000000100017400000001" + "00000002");
  const now = encodeOffsetFetch("g", partitions, { stable: true, apiVersion: 7 });
  assert.equal(
    now.buffer.toString("hex"),
    "00" + "0267" + "02" + "0274" + "0200000002" + "0001" + "00",
  );
});

Deno.test("decodeCommitted() reads each version's answer, and leaves out what is not committed", () => {
  const committed = [{ topic: "t", partition: 2, offset: 5, metadata: "m" }];
  const none = "00000003 ffffffffffffffff";
  const v2 =
    `00000001 0001 74 00000002 00000002 0000000000000005 0001 6d 0000 ${none} ffff 0000 0000`;
  assert.deepEqual(decodeCommitted(hex(v2), 2), committed);
  const v5 = "00000000 00000001 0001 74 00000002 00000002 0000000000000005 00000000 0001 6d 0000 " +
    `${none} ffffffff ffff 0000 0000`;
  assert.deepEqual(decodeCommitted(hex(v5), 5), committed);
  const v7 = "00 00000000 02 02 74 02 00000002 0000000000000005 00000000 02 6d 0000 00 00 0000 00";
  assert.deepEqual(decodeCommitted(hex(v7), 7), committed);
});

Deno.test("decodeCommitted() throws a partition's error and the group's", () => {
  const code = (text: string) => () => decodeCommitted(hex(text), 2);
  const unstable = "00000001 0001 74 00000001 00000002 ffffffffffffffff ffff 0058 0000";
  assert.throws(code(unstable), { type: "UNSTABLE_OFFSET_COMMIT" });
  assert.throws(code("00000000 001e"), { type: "GROUP_AUTHORIZATION_FAILED" });
});
