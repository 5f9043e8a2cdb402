import assert from "node:assert/strict";
import { decodeBody, encodeBody } from "./api.ts";
import { DESCRIBE_QUORUM } from "./describe_quorum.ts";

const hex = (text: string) => Uint8Array.fromHex(text.replaceAll(" ", ""));

Deno.test("DESCRIBE_QUORUM asks for the metadata's only partition, and reads who leads it", () => {
  const name = new TextEncoder().encode("__cluster_metadata").toHex();
  assert.equal(encodeBody(DESCRIBE_QUORUM, {}, 0).toHex(), `000213${name}02000000000000` + "00");
  const voters = "02 00000003 0000000000000009 00 01";
  const response = (errorCode: string, leader: string) =>
    hex(
      `00 0000 02 02 6d 02 00000000 ${errorCode} ${leader} 00000007 0000000000000009 ${voters} 00 00 00`,
    );
  const leader = (bytes: Uint8Array) => decodeBody(DESCRIBE_QUORUM, bytes, 0).leader;
  assert.equal(leader(response("0000", "00000003")), 3);
  assert.equal(leader(response("0000", "ffffffff")), null);
  assert.equal(leader(hex("00 001f 01 00")), null, "the user may not ask");
});
