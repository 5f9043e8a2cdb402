import assert from "node:assert/strict";
import { decodeBody, encodeBody } from "./api.ts";
import { DESCRIBE_LOG_DIRS } from "./describe_log_dirs.ts";

const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(" ", ""));

Deno.test("DESCRIBE_LOG_DIRS asks for all topics, and leaves out a disk that failed", () => {
  assert.equal(encodeBody(DESCRIBE_LOG_DIRS, {}, 1).toHex(), "ffffffff");
  const disk = (errorCode: string) =>
    `${errorCode} 0001 64 00000001 0001 74 00000001 00000000 0000000000000009 0000000000000000 00`;
  const response = hex(`00000000 00000002 ${disk("0000")} ${disk("0038")}`);
  assert.deepEqual(decodeBody(DESCRIBE_LOG_DIRS, response, 1), [
    { topic: "t", partition: 0, bytes: 9 },
  ]);
});
