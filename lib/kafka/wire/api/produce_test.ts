import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { decodeBody } from "./api.ts";
import { PRODUCE } from "./produce.ts";

const hex = (text: string) => Buffer.from(text.replaceAll(/\s/g, ""), "hex");
const head = "00000001 0001 74 00000001 00000002";
const ok = { topic: "t", partition: 2, errorCode: 0, baseOffset: 7, logAppendTime: -1 };

Deno.test("PRODUCE reads each version's response", () => {
  const offsets = "0000 0000000000000007 ffffffffffffffff";
  assert.deepEqual(decodeBody(PRODUCE, hex(`${head} ${offsets} 00000000`), 3), [ok]);
  assert.deepEqual(decodeBody(PRODUCE, hex(`${head} ${offsets} 0000000000000000 00000000`), 7), [
    ok,
  ]);
  const nothingSaid = `${offsets} 0000000000000000 00000000 ffff 00000000`;
  assert.deepEqual(decodeBody(PRODUCE, hex(`${head} ${nothingSaid}`), 8), [ok]);
});

Deno.test("PRODUCE keeps the broker's sentence about a record", () => {
  const refused = "0057 ffffffffffffffff ffffffffffffffff ffffffffffffffff";
  const aboutRecord = `00000001 00000000 0003 6b6579 ffff 00000000`;
  const [answer] = decodeBody(PRODUCE, hex(`${head} ${refused} ${aboutRecord}`), 8);
  assert.deepEqual([answer!.errorCode, answer!.errorMessage], [87, "key"]);
});
