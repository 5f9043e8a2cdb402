import assert from "node:assert/strict";
import { decodeBody } from "./api/api.ts";
import { TOPIC_METADATA } from "./api/topic_metadata.ts";
import { readableSubscription } from "./consumer_protocol.ts";
import { ResponseReader } from "./response_reader.ts";

Deno.test("ResponseReader refuses a number that is longer than 32 bits: a length that is no number would never end", () => {
  const endless = new Uint8Array(2_000).fill(0x80);
  endless[1_999] = 1;
  for (const bytes of [endless, Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0)]) {
    const reader = () => new ResponseReader(bytes, true);
    const methods = ["uvarint", "string", "bytes", "tags"] as const;
    for (const method of methods) {
      assert.throws(() => reader()[method](), {
        name: "RangeError",
        message: "Cannot read a number at 5: it is longer than 32 bits",
      });
    }
    assert.throws(() => reader().array(() => 0), { name: "RangeError" });
  }
  assert.equal(
    new ResponseReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), true).uvarint(),
    2 ** 32 - 1,
  );
});

Deno.test("ResponseReader reads nothing before its beginning", () => {
  for (const size of [-1, NaN, Infinity, 3]) {
    assert.throws(() => new ResponseReader(new Uint8Array(2), false).raw(size), {
      name: "RangeError",
    });
  }
});

Deno.test("decodeBody() says of which request a response ends too early", () => {
  const [, version] = TOPIC_METADATA.versions;
  assert.throws(() => decodeBody(TOPIC_METADATA, Uint8Array.of(0, 0), version), {
    name: "SyntaxError",
    message: new RegExp(
      `^Cannot read the response to Metadata \\(version ${version}, 2 bytes\\): `,
    ),
  });
});

Deno.test("readableSubscription() takes what no member could have written for no wish", () => {
  const none = { topics: [], userData: new Uint8Array(), owned: [] };
  for (const bytes of [[], [0], [0, 1, 0, 0, 0, 9], [0, 1, 0x7f, 0xff, 0xff, 0xff]]) {
    assert.deepEqual(readableSubscription(Uint8Array.from(bytes)), none);
  }
});
