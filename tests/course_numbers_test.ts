/** What the observe cells of the joins say, computed from the file by plain loops. */
import assert from "node:assert/strict";
import { crc32 } from "node:zlib";
import { lectures } from "../lib/course/mod.ts";
import { readTrips } from "../lib/rides/mod.ts";
import { int64, partitionForKey } from "../lib/serde/mod.ts";

/** The prose of a cell of the course. */
async function said(notebook: string, cell: string): Promise<string> {
  const [lecture] = await lectures([notebook]);
  return lecture!.notebook.cells.find(({ id }) => id === cell)!.source;
}

Deno.test("notebook 15 says how many of a thousand rides lie where CRC-32 and murmur2 agree", async () => {
  const { starts } = await readTrips({ limit: 1_000 });
  let found = 0;
  for (const { PULocationID } of starts) {
    const bytes = int64.encode(PULocationID, "starts");
    if (crc32(bytes) % 2 === partitionForKey(bytes, 2)) found += 1;
  }
  const [number] = /^\d+/.exec(await said("15", "partitioner-observe"))!;
  assert.equal(Number(number), found);
});
