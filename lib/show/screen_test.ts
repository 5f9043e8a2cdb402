import assert from "node:assert/strict";
import { lagView } from "./lag.ts";
import { withOwnIds } from "./screen.ts";
import { formats } from "./show.ts";

Deno.test("withOwnIds() renames each id together with every reference to it", async () => {
  const lag = { topic: "rides", partition: 0, committed: 1, end: 3, lag: 2 };
  const html = withOwnIds(await formats(lagView([lag])), "a1")["text/html"] as string;
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
  const used = [...html.matchAll(/url\(#([^)]+)\)/g)].map(([, id]) => id!);
  assert.ok(used.length > 0);
  assert.ok(ids.every((id) => id.startsWith("taxi-a1-")));
  assert.deepEqual(used.filter((id) => !ids.includes(id)), []);
});

Deno.test("withOwnIds() leaves text as it is", () => {
  assert.deepEqual(withOwnIds({ "text/plain": "url(#taxi-1)" }), { "text/plain": "url(#taxi-1)" });
});
