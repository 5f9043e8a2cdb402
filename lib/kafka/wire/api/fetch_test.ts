import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { encodeFetch } from "./fetch_request.ts";
import { decodeAnswers } from "./fetch_response.ts";

const limits = { readUncommitted: false, maxWaitMs: 100, partitionBytes: 9 };
const wanted = [{ topic: "t", topicId: undefined, partition: 2, offset: 5 }];
const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
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

Deno.test("encodeFetch() asks by name in the versions that older brokers know", () => {
  for (const [apiVersion, body] of BY_NAME) {
    const { buffer } = encodeFetch(wanted, { ...limits, apiVersion });
    assert.equal(buffer.toString("hex"), body.replaceAll(/\s/g, ""), `version ${apiVersion}`);
  }
});

Deno.test("decodeAnswers() reads what older brokers answer", () => {
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
    const [answer, ...more] = decodeAnswers(hex(bytes), { apiVersion, nameOf: (id) => id });
    assert.deepEqual(more, []);
    assert.deepEqual({ ...answer!, bytes: answer!.bytes.toString("hex") }, {
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

Deno.test("decodeAnswers() reads an answer without aborted transactions and records", () => {
  const bytes = "00000000 00000001 0001 74 00000001 00000000 0003 ffffffffffffffff " +
    "ffffffffffffffff ffffffff ffffffff";
  const [answer] = decodeAnswers(hex(bytes), { apiVersion: 4, nameOf: (id) => id });
  assert.deepEqual([answer!.errorCode, answer!.aborted, answer!.bytes.length], [3, [], 0]);
});

Deno.test("decodeAnswers() throws what refused the whole request", () => {
  const code70 = "00000000 0046 00000000 00000000";
  assert.throws(() => decodeAnswers(hex(code70), { apiVersion: 7, nameOf: (id) => id }));
});
