/** What builds and tests applications is loaded by a browser, and is small. */
import assert from "node:assert/strict";
import { here } from "../lib/platform/mod.ts";
import { bundleTest, deno, NUMBERS } from "./_bundle.ts";
import { testWith } from "./needs.ts";

/** Most bytes that a page has to load, compressed. */
const MOST_BYTES = 40_000;

/** Takes everything from a process that a browser does not have. */
const BARE = "delete globalThis.process; delete globalThis.Deno; await import('./program.js');";

await bundleTest(
  "lib/streams/mod.ts is a bundle for browsers, smaller than 40 kB, and runs as one",
  async ({ folder, code }) => {
    assert.doesNotMatch(code, /(\bfrom|\bimport)\s*\(?\s*["'](node|npm|jsr):/);
    const packed = new Blob([code]).stream().pipeThrough(new CompressionStream("gzip"));
    const { byteLength } = await new Response(packed).arrayBuffer();
    assert.ok(byteLength < MOST_BYTES, `${byteLength} bytes`);

    await Deno.writeTextFile(`${folder}/bare.js`, BARE);
    const { stdout, stderr } = await deno(folder, "run", "--quiet", "--no-config", "bare.js");
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assert.deepEqual(JSON.parse(text(stdout) || "null"), NUMBERS, text(stderr));
  },
);

/** Other runtimes, as packages that npx fetches. */
const RUNTIMES = Deno.env.get("TAXI_TEST_ALL") ? ["node@20", "node@22", "node@24", "bun"] : [];

for (const runtime of RUNTIMES) {
  const need = { program: "npx", ask: ["-y", runtime, "--version"], get: "npm, and a network" };
  await bundleTest(
    `lib/streams/mod.ts computes notebook 13's numbers under ${runtime}, too`,
    async ({ folder }) => {
      const ended = await here.run("npx", ["-y", runtime, "program.js"], { cwd: folder });
      assert.deepEqual(JSON.parse(ended?.output || "null"), NUMBERS, ended?.errors);
    },
    (name, fn) => testWith(need, name, fn),
  );
}
