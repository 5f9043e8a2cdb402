import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { fitMetadata, readMetadata } from "./offset_metadata.ts";

const metadata = (operators: number) =>
  JSON.stringify({
    numbers: Object.fromEntries(
      Array.from(
        { length: operators },
        (_, i) => [`KSTREAM-AGGREGATE-${i}.time`, 1e12 + i * 7_919_777],
      ),
    ),
    partitions: {},
    incarnation: "5eed",
  });

Deno.test("fitMetadata() leaves short text alone, and packs what a broker would refuse", () => {
  for (const operators of [1, 100]) {
    const text = metadata(operators), fits = fitMetadata(text);
    assert.equal(fits === text, operators === 1);
    assert.ok(fits.length <= 4096);
    assert.equal(readMetadata(fits), text);
  }
});

Deno.test("fitMetadata() keeps the incarnation where nothing else fits", () => {
  assert.equal(readMetadata(fitMetadata(metadata(5_000))), '{"incarnation":"5eed"}');
});

Deno.test("readMetadata() ignores what is not its own", () => {
  assert.equal(readMetadata("deflate:rubbish"), "");
  assert.equal(readMetadata("by hand"), "by hand");
});

Deno.test("readMetadata() unpacks no more than a task could have written", () => {
  const bomb = deflateRawSync(new Uint8Array(2 << 20)).toString("base64");
  assert.ok(bomb.length < 4096);
  assert.equal(readMetadata(`deflate:${bomb}`), "");
});
