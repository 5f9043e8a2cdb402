import assert from "node:assert/strict";
import { lectures } from "../lib/course/mod.ts";

/** What the notebook's `rideSchema(type)` writes: its template, filled in. */
async function written(type: string): Promise<string> {
  const [seven] = await lectures(["07"]);
  const { source } = seven!.notebook.cells.find(({ id }) => id === "file-build")!;
  const template = source.match(/return `([^`]*)`;/)![1]!;
  return template.replace("${totalAmount}", type).replace("\\n", "\n");
}

Deno.test("notebook 07 puts the schema file back byte for byte", async () => {
  assert.equal(await written("float"), await Deno.readTextFile("schemas/taxi_ride_value.avsc"));
});

Deno.test("notebook 07 edits the schema file to the one that is shipped as breaking", async () => {
  const breaking = await Deno.readTextFile("schemas/taxi_ride_value.breaking.avsc");
  assert.equal(await written("string"), breaking);
});
