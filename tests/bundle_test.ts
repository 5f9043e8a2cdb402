/** What builds and tests applications is loaded by a browser, and is small. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { missing } from "./needs.ts";

const ENTRY = join(import.meta.dirname!, "../lib/streams/mod.ts");
/** Most bytes that a page has to load, compressed. */
const MOST_BYTES = 40_000;

/** Runs in a process from which everything was taken that a browser does not have. */
const PROGRAM = `
delete globalThis.process;
delete globalThis.Deno;
const { app, json, string, TestDriver, topic } = await import("./streams.js");
const rides = topic("rides", { key: string, value: json(), nullable: false });
const counts = app("counts"), trips = counts.table("trips", { key: string, default: () => 0 });
counts.agent(rides, async (stream) => {
  for await (const { vendor } of stream.groupBy("vendor", (ride) => ride.vendor, { key: string })) {
    await Promise.resolve();
    trips.update(vendor, (n) => n + 1);
  }
});
const driver = new TestDriver(counts);
for (const key of ["r1", "r2"]) await driver.pipe(rides, { key, value: { vendor: "2" }, timestamp: 0 });
console.log(JSON.stringify([...driver.table("trips")]));
`;

const deno = async (cwd: string, ...args: string[]) =>
  await new Deno.Command(Deno.execPath(), {
    ...{ args, cwd, stdin: "null", env: { NO_COLOR: "1" } },
    // Where packets are dropped, fetching the bundler would wait for ever.
    signal: AbortSignal.timeout(180_000),
  }).output();

const folder = await Deno.makeTempDir();
await Deno.writeTextFile(join(folder, "empty.js"), "export {};\n");
const bundler = await deno(folder, "bundle", "--quiet", "-o", "bundled.js", "empty.js");
const name = "lib/streams/mod.ts is a bundle for browsers, smaller than 40 kB, and runs as one";

Deno.test({
  name: bundler.success
    ? name
    : missing(name, { program: "esbuild", get: "deno bundle, once with a network" }),
  ignore: !bundler.success,
  fn: async () => {
    const made = await deno(
      ...[folder, "bundle", "--quiet", "--platform", "browser", "--minify"] as const,
      ...["-o", "streams.js", ENTRY],
    );
    assert.ok(made.success, new TextDecoder().decode(made.stderr));
    const code = await Deno.readTextFile(join(folder, "streams.js"));
    assert.doesNotMatch(code, /(\bfrom|\bimport)\s*\(?\s*["'](node|npm|jsr):/);
    const packed = new Blob([code]).stream().pipeThrough(new CompressionStream("gzip"));
    const { byteLength } = await new Response(packed).arrayBuffer();
    assert.ok(byteLength < MOST_BYTES, `${byteLength} bytes`);

    await Deno.writeTextFile(join(folder, "program.js"), PROGRAM);
    const { stdout, stderr } = await deno(folder, "run", "--quiet", "--no-config", "program.js");
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
    assert.equal(text(stdout), '[["2",2]]', text(stderr));
  },
});

globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
