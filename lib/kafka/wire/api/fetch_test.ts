import assert from "node:assert/strict";
import { decodeBody, encodeBody } from "./api.ts";
import { FETCH_BY_ID, FETCH_BY_NAME } from "./fetch.ts";

const request = {
  readUncommitted: false,
  maxWaitMs: 100,
  partitionBytes: 9,
  partitions: [{ topic: "t", topicId: null, partition: 2, offset: 5 }],
};
const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(/\s/g, ""));
const start = "ffffffff 00000064 00000001 00a00000 01";

/** Bodies by hand from the protocol guide. */
const BY_NAME: [version: number, body: string][] = [
  [4, `${start} 00000001 0001 74 00000001 00000002 0000000000000005 00000009`],
  [5, `${start} 00000001 0001 74 00000001 00000002 0000000000000005 ffffffffffffffff 00000009`],
  [
    7,
    `${start} 00000000 ffffffff 00000001 0001 74 00000001 00000002 0000000000000005 ` +
    "ffffffffffffffff 00000009 00000000",
  ],
  [
    9,
    `${start} 00000000 ffffffff 00000001 0001 74 00000001 00000002 ffffffff 0000000000000005 ` +
    "ffffffffffffffff 00000009 00000000",
  ],
  [
    11,
    `${start} 00000000 ffffffff 00000001 0001 74 00000001 00000002 ffffffff 0000000000000005 ` +
    "ffffffffffffffff 00000009 00000000 0000",
  ],
];

Deno.test("FETCH_BY_NAME asks in the versions that older brokers know", () => {
  for (const [apiVersion, body] of BY_NAME) {
    const encoded = encodeBody(FETCH_BY_NAME, request, apiVersion).toHex();
    assert.equal(encoded, body.replaceAll(/\s/g, ""), `version ${apiVersion}`);
  }
});

Deno.test("FETCH_BY_NAME reads what older brokers answer", () => {
  const partition = (logStart: string, replica: string) =>
    `00000001 0001 74 00000001 00000002 0000 0000000000000009 0000000000000008 ${logStart} ` +
    `00000001 0000000000000007 0000000000000006 ${replica} 00000002 abcd`;
  const answers: [version: number, bytes: string][] = [
    [4, `00000000 ${partition("", "")}`],
    [5, `00000000 ${partition("0000000000000000", "")}`],
    [7, `00000000 0000 00000000 ${partition("0000000000000000", "")}`],
    [11, `00000000 0000 00000000 ${partition("0000000000000000", "ffffffff")}`],
  ];
  for (const [apiVersion, bytes] of answers) {
    const { errorCode, partitions } = decodeBody(FETCH_BY_NAME, hex(bytes), apiVersion);
    assert.deepEqual([errorCode, partitions.length], [0, 1]);
    assert.deepEqual({ ...partitions[0]!, bytes: partitions[0]!.bytes.toString("hex") }, {
      topic: "t",
      partition: 2,
      errorCode: 0,
      highWatermark: 9,
      stable: 8,
      aborted: [{ producerId: 7n, firstOffset: 6 }],
      bytes: "abcd",
    }, `version ${apiVersion}`);
  }
});

Deno.test("FETCH_BY_NAME reads an answer without aborted transactions and records", () => {
  const bytes = "00000000 00000001 0001 74 00000001 00000000 0003 ffffffffffffffff " +
    "ffffffffffffffff ffffffff ffffffff";
  const [answer] = decodeBody(FETCH_BY_NAME, hex(bytes), 4).partitions;
  assert.deepEqual([answer!.errorCode, answer!.aborted, answer!.bytes.length], [3, [], 0]);
});

Deno.test("FETCH_BY_NAME tells what refused the whole request", () => {
  const code70 = "00000000 0046 00000000 00000000";
  assert.deepEqual(decodeBody(FETCH_BY_NAME, hex(code70), 7), { errorCode: 70, partitions: [] });
});

Deno.test("FETCH_BY_ID asks by id, and reads what is answered, with what newer brokers add", () => {
  const topicId = "000102030405060708090a0b0c0d0e0f";
  const byId = { ...request, partitions: [{ ...request.partitions[0]!, topicId }] };
  const body = `00 ${start} 00000000 ffffffff 02 ${topicId} 02 00000002 ffffffff ` +
    "0000000000000005 ffffffff ffffffffffffffff 00000009 00 00 01 01 00";
  assert.equal(encodeBody(FETCH_BY_ID, byId, 13).toHex(), body.replaceAll(/\s/g, ""));
  const response = `00 00000000 0000 00000000 02 ${topicId} 02 00000002 0000 0000000000000009 ` +
    "0000000000000008 0000000000000000 02 0000000000000007 0000000000000006 00 ffffffff 03 abcd " +
    "01 00 01 ff 00 00";
  const { partitions: [read] } = decodeBody(FETCH_BY_ID, hex(response), 13);
  assert.deepEqual({ ...read!, bytes: read!.bytes.toString("hex") }, {
    topic: topicId,
    partition: 2,
    errorCode: 0,
    highWatermark: 9,
    stable: 8,
    aborted: [{ producerId: 7n, firstOffset: 6 }],
    bytes: "abcd",
  });
});
