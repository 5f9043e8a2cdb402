import assert from "node:assert/strict";
import { decodeBody, encodeBody } from "./api.ts";
import { CONSUMER_GROUP_HEARTBEAT } from "./consumer_group_heartbeat.ts";
import { SHARE_GROUP_HEARTBEAT } from "./share_group_heartbeat.ts";

const topicId = "000102030405060708090a0b0c0d0e0f";

Deno.test("CONSUMER_GROUP_HEARTBEAT writes what a member owns, and no pattern of topics before version 1", () => {
  const request = {
    ...{ group: "g", memberId: "m", memberEpoch: 3, instanceId: null, rebalanceTimeoutMs: 8_000 },
    topics: ["t"],
    owned: [{ topicId, partitions: [0, 2] }],
  };
  const head = "00" + "0267" + "026d" + "00000003" + "00" + "00" + "00001f40" + "02" + "0274";
  const tail = "00" + "02" + topicId + "03" + "00000000" + "00000002" + "00" + "00";
  assert.equal(encodeBody(CONSUMER_GROUP_HEARTBEAT, request, 0).toHex(), head + tail);
  assert.equal(encodeBody(CONSUMER_GROUP_HEARTBEAT, request, 1).toHex(), head + "00" + tail);
});

Deno.test("SHARE_GROUP_HEARTBEAT writes only what a member reads", () => {
  const request = { group: "g", memberId: "m", memberEpoch: 0, topics: ["t"] };
  assert.equal(
    encodeBody(SHARE_GROUP_HEARTBEAT, request, 1).toHex(),
    "00" + "0267" + "026d" + "00000000" + "00" + "02" + "0274" + "00",
  );
});

Deno.test("a heartbeat's response says what is to be owned, or that it has not changed", () => {
  const head = "00" + "00000000" + "0000" + "00" + "026d" + "00000004" + "000001f4";
  const assigned = "01" + "02" + topicId + "02" + "00000001" + "00" + "00" + "00";
  const read = (hex: string) => decodeBody(CONSUMER_GROUP_HEARTBEAT, Uint8Array.fromHex(hex), 1);
  assert.deepEqual(read(head + assigned), {
    ...{ errorCode: 0, said: null, memberId: "m", memberEpoch: 4, heartbeatMs: 500 },
    assignment: [{ topicId, partitions: [1] }],
  });
  assert.equal(read(head + "ff" + "00").assignment, null);
});
