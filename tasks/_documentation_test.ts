import assert from "node:assert/strict";
import { denoDoc, entry, faultsOfOurs, PUBLIC_ROOMS } from "./_documentation.ts";

Deno.test("faultsOfOurs() keeps ours, drops a package's, and tells what else went wrong", () => {
  const ours = "error[missing-jsdoc]: no doc\n --> /taxi/lib/avro/mod.ts:1:1";
  const theirs = "error[missing-jsdoc]: no doc\n --> /cache/npm/a/plot/0.6.17/plot.d.ts:7:1";
  const total = "error: Found 2 documentation lint errors.";
  const warning = "Warning Failed resolving types.";
  assert.deepEqual(faultsOfOurs([warning, ours, theirs, total].join("\n")), [ours]);
  assert.deepEqual(faultsOfOurs([theirs, total].join("\n")), []);
  assert.deepEqual(faultsOfOurs("error: Module not found\n"), ["error: Module not found"]);
});

Deno.test("PUBLIC_ROOMS are the exports of deno.json", async () => {
  const { exports } = JSON.parse(
    await Deno.readTextFile(new URL("../deno.json", import.meta.url)),
  );
  const wanted = PUBLIC_ROOMS.map((room) => [`./${room}`, `./${entry(room)}`]);
  assert.deepEqual(exports, Object.fromEntries(wanted));
});

Deno.test("denoDoc() finds a symbol that has no doc comment", async () => {
  const file = await Deno.makeTempFile({ suffix: ".ts" });
  await Deno.writeTextFile(file, "export const bare: number = 1;\n");
  const { success, stderr } = await denoDoc("--lint", file);
  await Deno.remove(file);
  assert.equal(success, false);
  assert.equal(faultsOfOurs(stderr).length, 1);
});
