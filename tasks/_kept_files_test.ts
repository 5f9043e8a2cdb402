import assert from "node:assert/strict";
import { keepingFiles } from "./_kept_files.ts";

Deno.test("keepingFiles() puts back what was changed or removed, also when the work fails", async () => {
  const folder = await Deno.makeTempDir();
  try {
    for (const name of ["key", "value"]) await Deno.writeTextFile(`${folder}/${name}`, name);
    const work = async () => {
      await Deno.writeTextFile(`${folder}/key`, "string");
      await Deno.remove(`${folder}/value`);
      throw new Error("stopped half-way");
    };
    await assert.rejects(keepingFiles(folder, work), { message: "stopped half-way" });
    for (const name of ["key", "value"]) {
      assert.equal(await Deno.readTextFile(`${folder}/${name}`), name);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
