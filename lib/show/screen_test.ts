import assert from "node:assert/strict";
import { lagView } from "./lag.ts";
import { screen, shortenNames, withOwnIds } from "./screen.ts";
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

Deno.test("shortenNames() leaves a learner's name away before the course's names, and nowhere else", async () => {
  const said: string[] = [], log = console.log;
  console.log = (text: string) => said.push(text);
  shortenNames("ana");
  try {
    await screen().show({ "text/plain": "ana.nb04.rides ana.demo_1-0 banana.demo_1 ana.example" });
  } finally {
    shortenNames(undefined);
    console.log = log;
  }
  assert.deepEqual(said, ["nb04.rides demo_1-0 banana.demo_1 ana.example"]);
});
