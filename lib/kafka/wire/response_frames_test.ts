import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { AnswerFrames } from "./response_frames.ts";

const BYTES = Buffer.from([0, 0, 0, 2, 7, 8, 0, 0, 0, 1, 9, 0, 0, 1, 0, ...Array(256).keys()]);
const ANSWERS = [Buffer.from([7, 8]), Buffer.from([9]), Buffer.from([...Array(256).keys()])];

Deno.test("AnswerFrames gives every answer, however the bytes are cut", () => {
  for (let size = 1; size <= BYTES.length; size++) {
    const frames = new AnswerFrames(), answers: Buffer[] = [];
    for (let at = 0; at < BYTES.length; at += size) {
      answers.push(...frames.take(BYTES.subarray(at, at + size)));
    }
    assert.deepEqual(answers, ANSWERS, `cut every ${size} bytes`);
  }
});

Deno.test("AnswerFrames keeps its answers when the bytes they came in are written over", () => {
  const bytes = Buffer.from(BYTES), answers = new AnswerFrames().take(bytes);
  bytes.fill(0);
  assert.deepEqual(answers, ANSWERS);
});

Deno.test("AnswerFrames does not take another server's words for a size", () => {
  assert.throws(() => new AnswerFrames().take(Buffer.from("HTTP/1.1 400 Bad Request")), {
    name: "RangeError",
    message: "Cannot read an answer of 1213486160 bytes: Kafka's are not longer than 268435456",
  });
});

Deno.test("AnswerFrames makes room for what comes, not for what is claimed", () => {
  const frames = new AnswerFrames(), { external } = Deno.memoryUsage();
  frames.take(Buffer.from([0x10, 0, 0, 0, 1, 2, 3]));
  assert.ok(Deno.memoryUsage().external - external < 2 ** 25, "256 MB are claimed");
  const size = 2 ** 25, long = new AnswerFrames(), part = Buffer.alloc(2 ** 23, 9);
  assert.deepEqual(long.take(Buffer.from([2, 0, 0, 0, 1, 2, 3])), []);
  const [answer, ...more] = Array.from({ length: 4 }, () => long.take(part)).flat();
  assert.deepEqual([answer!.length, [...answer!.subarray(0, 4)], more], [size, [1, 2, 3, 9], []]);
});
