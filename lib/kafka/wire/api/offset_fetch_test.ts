import assert from "node:assert/strict";
import { decodeBody, encodeBody } from "./api.ts";
import { OFFSET_FETCH } from "./offset_fetch.ts";

const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(/\s/g, ""));
const request = { group: "g", partitions: [{ topic: "t", partition: 2 }], stable: true };

Deno.test("OFFSET_FETCH asks brokers before Kafka 2.5 without the wish for stable offsets", () => {
  const old = encodeBody(OFFSET_FETCH, request, 5);
  assert.equal(old.toHex(), "0001670000000100017400000001" + "00000002");
  const now = encodeBody(OFFSET_FETCH, request, 7);
  assert.equal(now.toHex(), "00" + "0267" + "02" + "0274" + "0200000002" + "0001" + "00");
});

Deno.test("OFFSET_FETCH reads each version's response, with the errors in it", () => {
  const read = (version: number, text: string) => decodeBody(OFFSET_FETCH, hex(text), version);
  const committed = { topic: "t", partition: 2, offset: 5, metadata: "m", errorCode: 0 };
  const unstable = { topic: "t", partition: 3, offset: -1, errorCode: 88 };
  const both = { errorCode: 0, partitions: [committed, unstable] };
  const none = "00000003 ffffffffffffffff";
  const v2 =
    `00000001 0001 74 00000002 00000002 0000000000000005 0001 6d 0000 ${none} ffff 0058 0000`;
  assert.deepEqual(read(2, v2), both);
  const v5 = "00000000 00000001 0001 74 00000002 00000002 0000000000000005 00000000 0001 6d 0000 " +
    `${none} ffffffff ffff 0058 0000`;
  assert.deepEqual(read(5, v5), both);
  const v7 = "00 00000000 02 02 74 02 00000002 0000000000000005 00000000 02 6d 0000 00 00 0000 00";
  assert.deepEqual(read(7, v7), { errorCode: 0, partitions: [committed] });
  assert.deepEqual(read(2, "00000000 001e"), { errorCode: 30, partitions: [] });
});
