import assert from "node:assert/strict";
import { denoDoc, entry, faultsIn, PUBLIC_ROOMS } from "./_documentation.ts";

Deno.test("faultsIn() keeps the faults of some rooms, and tells what else went wrong", () => {
  const ours = "error[missing-jsdoc]: no doc\n --> /taxi/lib/avro/mod.ts:1:1";
  const later = "error[missing-jsdoc]: no doc\n --> /taxi/lib/streams/dsl/app.ts:1:1";
  const theirs =
    "error[missing-jsdoc]: no doc\n --> /cache/npm/a/plot/0.6.17/lib/avro/plot.d.ts:7:1";
  const total = "error: Found 3 documentation lint errors.";
  const said = ["Warning Failed resolving types.", ours, later, theirs, total].join("\n");
  assert.deepEqual(faultsIn(["avro", "rides"], said), [ours]);
  assert.deepEqual(faultsIn(["rides"], said), []);
  assert.deepEqual(faultsIn(["avro"], "error: Module not found\n"), ["error: Module not found"]);
});

Deno.test("PUBLIC_ROOMS are the exports of deno.json", async () => {
  const { exports } = JSON.parse(
    await Deno.readTextFile(new URL("../deno.json", import.meta.url)),
  );
  const wanted = PUBLIC_ROOMS.map((room) => [`./${room}`, `./${entry(room)}`]);
  assert.deepEqual(exports, Object.fromEntries(wanted));
});

Deno.test("denoDoc() finds a symbol that has no doc comment", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/lib/avro`, { recursive: true });
  await Deno.writeTextFile(`${folder}/lib/avro/mod.ts`, "export const bare: number = 1;\n");
  const { success, errors } = await denoDoc("--lint", `${folder}/lib/avro/mod.ts`);
  await Deno.remove(folder, { recursive: true });
  assert.equal(success, false);
  assert.equal(faultsIn(["avro"], errors).length, 1);
});
