/** Record batches of every codec, and what brokers send them in. */
import { Buffer } from "node:buffer";
import { AnswerFrames } from "../../../lib/kafka/wire/response_frames.ts";
import { CODECS, pack, unpack } from "../../../lib/kafka/wire/compression.ts";
import { openRecordSet } from "../../../lib/kafka/wire/record_batch.ts";
import { rawBatch, sealed } from "../../testkit/raw_batch.ts";
import type { Target } from "../target.ts";

const CRC_FROM = 21;
const VALUES = ["ride", "", "x".repeat(300), '{"vendorId":2}'];

const batches: Target = {
  name: "record-batch",
  seeds: [
    rawBatch({ values: ["a"] }),
    Buffer.concat([rawBatch({ values: VALUES }), rawBatch({ firstOffset: 4, values: ["b", "c"] })]),
    ...CODECS.map((codec) =>
      rawBatch({ values: VALUES, codec, body: (plain) => pack(plain, codec) })
    ),
  ],
  decode: (bytes) => {
    const { unread } = openRecordSet(Buffer.from(bytes), 1, [{ producerId: -1n, firstOffset: 0 }]);
    let parts = 0;
    for (const { headers = [] } of unread.takeAll()) parts += 1 + headers.length;
    return parts;
  },
  errors: /^SyntaxError: Cannot read a record batch of -?\d+ bytes: it is shorter than its header$/,
  // What is packed may hold a thousand records for each byte.
  most: (bytes) => 10_000 * bytes + 1_000,
  seal: (bytes) => bytes.length > CRC_FROM ? sealed(Buffer.from(bytes)) : bytes,
};

const MOST_UNPACKED = 1 << 20;

const codecs = CODECS.filter((codec) => codec !== "none").map((codec): Target => ({
  name: codec,
  seeds: ["", "a".repeat(5_000), VALUES.join().repeat(300), crypto.randomUUID().repeat(0)]
    .map((text) => pack(Buffer.from(text), codec)),
  decode: (bytes) => unpack(bytes, codec, MOST_UNPACKED).length,
  errors: new RegExp(
    `^SyntaxError: Cannot unpack a record batch from ${codec}: (it would take more|it is damaged)`,
  ),
  most: () => MOST_UNPACKED,
}));

const frames: Target = {
  name: "response-frames",
  seeds: [
    Uint8Array.of(0, 0, 0, 2, 7, 8),
    Uint8Array.of(0, 0, 0, 5, 1, 2, 3, 4, 5, 0, 0, 0, 0, 0, 0, 1, 9),
  ],
  decode: (bytes) => {
    const frames = new AnswerFrames();
    let parts = 0;
    for (let at = 0; at < bytes.length; at += 3) {
      for (const answer of frames.take(Buffer.from(bytes.subarray(at, at + 3)))) {
        parts += 1 + answer.length;
      }
    }
    return parts;
  },
  errors: /^RangeError: Cannot read an answer of \d+ bytes: Kafka's are not longer/,
};

export const BATCHES: readonly Target[] = [batches, ...codecs, frames];
