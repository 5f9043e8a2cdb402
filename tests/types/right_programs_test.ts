/**
 * Right programs, a file each in `right`: every type follows from the topics' serdes and from the functions. Only what a
 * processor forwards, and what the first function of a cogroup adds to, has to be said. That they compile is found by the
 * types' check of the whole project.
 */
import assert from "node:assert/strict";

const FOLDER = new URL("right/", import.meta.url);
const files = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).sort();

for (const file of files) {
  Deno.test(`right program: ${file.replace(".ts", "").replaceAll("_", " ")}`, async () => {
    await import(new URL(file, FOLDER).href);
  });
}

Deno.test("there are at least 30 right programs", () => assert.ok(files.length >= 30));
