import assert from "node:assert/strict";
import { decodeBody, encodeBody } from "./api.ts";
import { SHARE_ACKNOWLEDGE, SHARE_FETCH } from "./share_fetch.ts";

const topicId = "000102030405060708090a0b0c0d0e0f";
const member = { group: "g", memberId: "m", sessionEpoch: 3 };
const hex = (bytes: Uint8Array) => bytes.toHex();

Deno.test("SHARE_FETCH asks for no more records than are wanted, which version 1 cannot", () => {
  const request = {
    ...{ ...member, maxRecords: 7, maxWaitMs: 100 },
    partitions: [{ topicId, partition: 2 }],
    forgotten: [{ topicId, partition: 1 }],
  };
  const head = "00" + "0267" + "026d" + "00000003" + "00000064" + "00000001" + "00a00000";
  const partitions = "02" + topicId + "02" + "00000002" + "01" + "00" + "00";
  const forgotten = "02" + topicId + "02" + "00000001" + "00" + "00";
  const records = "00000007".repeat(2);
  assert.equal(hex(encodeBody(SHARE_FETCH, request, 1)), head + records + partitions + forgotten);
  assert.equal(
    hex(encodeBody(SHARE_FETCH, request, 2)),
    head + records + "01" + "00" + partitions + forgotten,
  );
});

for (const [type, number] of [["gap", 0], ["accept", 1], ["release", 2], ["reject", 3]] as const) {
  Deno.test(`SHARE_ACKNOWLEDGE writes ${number} for a run of records to ${type}`, () => {
    const partitions = [{ topicId, partition: 2, batches: [{ first: 5, last: 9, type }] }];
    assert.equal(
      hex(encodeBody(SHARE_ACKNOWLEDGE, { ...member, partitions }, 1)),
      "00" + "0267" + "026d" + "00000003" + "02" + topicId + "02" + "00000002" + "02" +
        "0000000000000005" + "0000000000000009" + `020${number}` + "00" + "00" + "00" + "00",
    );
  });
}

Deno.test("SHARE_FETCH reads what is acquired of each partition", () => {
  const partition = "00000002" + "0000" + "00" + "0000" + "00" + "00000001" + "00000000" + "00" +
    "04" + "aabbcc" + "02" + "000000000000000a" + "000000000000000c" + "0002" + "00" + "00";
  const bytes = "00" + "00000000" + "0000" + "00" + "00007530" + "02" + topicId + "02" + partition +
    "00" + "01" + "00";
  const response = decodeBody(SHARE_FETCH, Uint8Array.fromHex(bytes), 2);
  assert.equal(response.lockMs, 30_000);
  const [{ bytes: records, ...rest }] = response.partitions as [
    (typeof response.partitions)[number],
  ];
  assert.equal(records.toString("hex"), "aabbcc");
  assert.deepEqual(rest, {
    ...{ topicId, partition: 2, errorCode: 0, said: null },
    acquired: [{ first: 10, last: 12, deliveryCount: 2 }],
  });
});

Deno.test("SHARE_ACKNOWLEDGE reads which records were not held any more, in both versions", () => {
  const partition = "00000002" + "0079" + "00" + "00000001" + "00000000" + "00" + "00";
  for (const [version, lock] of [[1, ""], [2, "00007530"]] as const) {
    const bytes = "00" + "00000000" + "0000" + "00" + lock + "02" + topicId + "02" + partition +
      "00" + "01" + "00";
    const { partitions } = decodeBody(SHARE_ACKNOWLEDGE, Uint8Array.fromHex(bytes), version);
    assert.deepEqual(partitions, [{ topicId, partition: 2, errorCode: 121 }]);
  }
});
