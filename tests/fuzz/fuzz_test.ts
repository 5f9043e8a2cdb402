/** Every decoder with the inputs that once were findings, and with a few hundred new ones, always the same. */
import assert from "node:assert/strict";
import { corpusFolders, corpusOf } from "./corpus.ts";
import { Fuzzer } from "./fuzzer.ts";
import { type Target, tryInput } from "./target.ts";
import { TARGETS } from "./targets/mod.ts";

const SEED = 24, INPUTS = 200;

for (const target of TARGETS) {
  Deno.test(`${target.name}: changed inputs are read, or refused in its own words`, async () => {
    for (const seed of target.seeds) {
      const { mark, why } = await tryInput(target, seed);
      assert.ok(mark.startsWith("ok") && why === undefined, `a right input: ${mark} ${why ?? ""}`);
    }
    const corpus = await corpusOf(target.name);
    for (const input of corpus) {
      const { why } = await tryInput(target, input);
      assert.equal(why, undefined, new Uint8Array(input).toHex().slice(0, 200));
    }
    const fuzzer = new Fuzzer(target, { seed: SEED, corpus });
    while (fuzzer.tried < INPUTS) await fuzzer.try(fuzzer.next());
    const [finding] = fuzzer.findings;
    assert.equal(finding?.why, undefined, finding?.input.toHex().slice(0, 200));
  });
}

Deno.test("each folder of the corpus belongs to a decoder", async () => {
  const names = TARGETS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual((await corpusFolders()).filter((name) => !names.includes(name)), []);
});

/** A decoder with two faults: a foreign error for a 7, and a part for each thousandth of a number. */
const FAULTY: Target = {
  name: "faulty",
  seeds: [Uint8Array.of(1, 2, 3)],
  decode: (bytes) => {
    if (bytes.includes(7)) throw new TypeError("undefined is not a function");
    if (bytes.includes(8)) throw new SyntaxError("Cannot read an 8");
    return bytes.includes(9) ? 1_000_000 : bytes.length;
  },
  errors: /^SyntaxError: Cannot read/,
};

Deno.test("Fuzzer finds foreign errors and growth, passes over own errors, and repeats itself", async () => {
  const run = async (seed: number) => {
    const fuzzer = new Fuzzer(FAULTY, { seed });
    for (let i = 0; i < 5_000; i++) await fuzzer.try(fuzzer.next());
    return fuzzer.findings.map(({ why, input }) => `${why.split("\n")[0]} ${input.toHex()}`);
  };
  const found = await run(1);
  assert.ok(found.some((one) => one.startsWith("TypeError: undefined is not a function")));
  assert.ok(found.some((one) => /became 1000000 parts/.test(one)));
  assert.ok(!found.some((one) => one.includes("an 8")));
  assert.deepEqual(await run(1), found);
});
