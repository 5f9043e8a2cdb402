import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { gzipSync } from "node:zlib";
import { CODECS, type Compression, pack, unpack } from "./compression.ts";

const text = Buffer.from("one two three one two three ".repeat(10_000));
const random = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i * 7 + i * 13 >> 3) & 255);

for (const codec of CODECS) {
  Deno.test(`unpack() gives back what pack() took, in ${codec}`, () => {
    for (const bytes of [text, random, text.subarray(0, 1), new Uint8Array()]) {
      assert.ok(Buffer.from(bytes).equals(unpack(pack(bytes, codec), codec)), `${bytes.length}`);
    }
    if (codec !== "none") assert.ok(pack(text, codec).length < text.length / 10);
  });
}

for (const codec of CODECS.slice(1)) {
  Deno.test(`unpack() stops at the most bytes that it is told, in ${codec}`, () => {
    const packed = pack(text, codec);
    assert.equal(unpack(packed, codec, text.length).length, text.length);
    for (const mostBytes of [10, 65_536, text.length - 1]) {
      assert.throws(() => unpack(packed, codec, mostBytes), {
        name: "SyntaxError",
        message: `Cannot unpack a record batch from ${codec}: it would take more than ` +
          `${mostBytes} bytes`,
      });
    }
  });
}

/** By the Python package lz4: linked blocks of 64 KB with checksums, behind the size of it all. */
const LZ4 = "04224d185c40e0220200000000004f18010000ef6f6e652074776f207468726565200e00" +
  "ff".repeat(256) + "da506565206f6e2dd41b550a0100000f0e00" + "ff".repeat(256) +
  "e850206f6e6520fa4d809f2c0000000f0e00" + "ff".repeat(34) +
  "ea5068726565209fc4809d00000000b8901419";

/** Made by other programs: snappy without blocks, gzip with a byte behind its end. */
const FOREIGN: [codec: Compression, hex: string, text: string][] = [
  ["snappy", "0b2868656c6c6f2068656c6c6f", "hello hello"],
  ["lz4", LZ4, "one two three ".repeat(10_000)],
  ["gzip", gzipSync("hello").toString("hex") + "78", "hello"],
];

for (const [codec, hex, expected] of FOREIGN) {
  Deno.test(`unpack() reads ${codec} of other programs: "${expected.slice(0, 12)}"`, () => {
    assert.equal(Buffer.from(unpack(Buffer.from(hex, "hex"), codec)).toString(), expected);
  });
}

Deno.test("unpack() refuses damaged bytes in words", () => {
  for (const codec of CODECS.slice(1)) {
    for (
      const bytes of [pack(text, codec).subarray(0, 30), Buffer.from("what is this? who knows")]
    ) {
      // zstd of the runtime gives what came before the cut: the batch's checksum tells of that.
      if (codec === "zstd" && bytes.length === 30) continue;
      assert.throws(() => unpack(bytes, codec), {
        name: "SyntaxError",
        message: /^Cannot unpack a record batch from \w+: it is damaged \(/,
      });
    }
  }
});

/** What a stranger may write in place of a block, and why it is none. */
const BAD_SNAPPY: [hex: string, why: string][] = [
  // A length of 2 GB and more, which snappyjs takes for a negative one: 6.6 s for these 14 bytes.
  ["e65bfcc74a30b3abd04d906fc00c", "it claims 11750 bytes"],
  ["05fcffffff7f", "it is longer than it says"],
  ["ffffffffff7f", "its size is too long"],
  ["0b", "it is shorter than it says"],
  ["", "it is cut off"],
  ["0418", "it is longer than it says"],
  ["040c61", "it is cut off"],
  ["0800610502", "it copies from outside"],
  ["0800610500", "it copies from outside"],
  ["0400611501", "it is longer than it says"],
];
for (const [hex, why] of BAD_SNAPPY) {
  Deno.test(`unpack() refuses snappy "${hex}": ${why}`, () => {
    assert.throws(() => unpack(Buffer.from(hex, "hex"), "snappy"), {
      name: "SyntaxError",
      message: `Cannot unpack a record batch from snappy: it is damaged (${why})`,
    });
  });
}

/** A literal and a copy of every width, most of which reach into what they write. */
const SNAPPY: [hex: string, text: string][] = [
  ["0700610901", "a".repeat(7)],
  ["060061120100", "a".repeat(6)],
  ["0600611301000000", "a".repeat(6)],
  ["080461620902", "ab".repeat(4)],
  [`3cf03b${"62".repeat(60)}`, "b".repeat(60)],
];
for (const [hex, text] of SNAPPY) {
  Deno.test(`unpack() reads snappy "${hex.slice(0, 16)}"`, () => {
    assert.equal(Buffer.from(unpack(Buffer.from(hex, "hex"), "snappy")).toString(), text);
  });
}
