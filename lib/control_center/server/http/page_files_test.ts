import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { pageFiles } from "./page_files.ts";

Deno.test("pageFiles() weigh less than 200 kB together when they are compressed", async () => {
  const files = [...(await pageFiles()).values()];
  const bytes = files.reduce((sum, { body }) => sum + gzipSync(body).length, 0);
  assert.ok(bytes < 200_000, `${bytes} bytes`);
});
