import assert from "node:assert/strict";
import { decodeBody, encodeBody } from "./api.ts";
import { OFFSET_DELETE } from "./offset_delete.ts";

Deno.test("OFFSET_DELETE names partitions, and reads what became of each", () => {
  const request = { group: "g", partitions: [{ topic: "t", partition: 2 }] };
  assert.equal(
    encodeBody(OFFSET_DELETE, request, 0).toHex(),
    "000167" + "00000001" + "000174" + "00000001" + "00000002",
  );
  const response = Uint8Array.fromHex("0000000000000000000100017400000001000000000056");
  assert.deepEqual(decodeBody(OFFSET_DELETE, response, 0), {
    errorCode: 0,
    partitions: [{ topic: "t", partition: 0, errorCode: 86 }],
  });
});
