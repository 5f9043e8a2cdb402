/** What notebook 22 says of files, bytes and what is left, computed by plain loops. */
import assert from "node:assert/strict";
import { lectures } from "../lib/course/mod.ts";

/** The prose of a cell of notebook 22. */
async function said(cell: string): Promise<string> {
  const [lecture] = await lectures(["22"]);
  return lecture!.notebook.cells.find(({ id }) => id === cell)!.source;
}

Deno.test("notebook 22 says which rides retention has left behind, and how many of them are too old", async () => {
  // Ages in minutes; a file takes a ride that is not more than an hour younger than its first one.
  const ages = Array.from({ length: 60 }, (_, n) => 600 - 10 * n - 5), files: number[][] = [];
  for (const age of ages) {
    const last = files.at(-1);
    if (last !== undefined && last[0]! - age <= 60) last.push(age);
    else files.push([age]);
  }
  const old = ages.filter((age) => age > 360).length;
  const gone = files.filter((file) => Math.min(...file) > 360).flat().length;
  assert.deepEqual(files.map(({ length }) => length), [7, 7, 7, 7, 7, 7, 7, 7, 4]);
  assert.match(await said("retention-predict"), new RegExp(`${old} of the rides are older`));
  assert.match(await said("retention-observe"), new RegExp(`^${gone}, not ${old}\\.`));
});

Deno.test("notebook 22 says how large its batch is, and what the checksum does not cover", async () => {
  // Lengths and numbers of one byte each; a header of 61.
  const text = (word: string) => 1 + word.length;
  const first = 4 + text("ride-1") + text("7.5") + 1 + text("trace") + text("ab");
  const second = 4 + 1 + text("12") + 1;
  const prose = await said("bytes-observe"), size = 61 + first + second;
  assert.match(prose, new RegExp(`, ${size} bytes, and the file has ${size}`));
  assert.match(prose, new RegExp(`first record takes ${first}, the second ${second}\\.`));
  assert.match(await said("crc-observe"), new RegExp(`^${size - 17}\\. `));
});

Deno.test("notebook 22 says how many records compaction leaves", async () => {
  const old = [..."abcdabcdabcd", "d"], active = [..."abc"];
  const prose = await said("compaction-observe");
  assert.match(prose, new RegExp(`^${new Set(old).size + active.length}\\. `));
  assert.match(prose, new RegExp(`a has \\*two\\* records: ${old.lastIndexOf("a")},`));
});
