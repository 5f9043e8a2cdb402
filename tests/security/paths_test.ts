/** A name on a command line never becomes a way out of the folder that it is looked for in. */
import assert from "node:assert/strict";
import { lectures } from "../../lib/course/mod.ts";
import { clusterConfig, reset } from "../../lib/cluster/mod.ts";
import { folders } from "../../lib/settings/mod.ts";
import { restore } from "../../tasks/restore_notebook.ts";

const OUTSIDE = [
  "../deno",
  "../../etc/passwd",
  "/etc/passwd",
  "..",
  ".",
  "",
  "04_x/../../deno",
  "--all",
];

Deno.test("restore-notebook and course take names of the course's notebooks and no path", async () => {
  const before = await Deno.readTextFile("deno.json");
  for (const name of OUTSIDE) {
    await assert.rejects(
      restore(name, { root: folders().root }),
      /^(Range)?Error: Cannot restore/,
      name,
    );
    await assert.rejects(lectures([name]), {
      name: "RangeError",
      message: /^Cannot find notebook/,
    });
  }
  assert.equal(await Deno.readTextFile("deno.json"), before);
});

Deno.test("reset() removes a link in the state folder, never what it leads to", async () => {
  if (Deno.build.os === "windows") return;
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/home/brokers-1`, { recursive: true });
  await Deno.writeTextFile(`${folder}/home/brokers-1/homework.txt`, "mine");
  await Deno.mkdir(`${folder}/state`, { mode: 0o700 });
  await Deno.writeTextFile(`${folder}/state/taxi-streams-state`, "");
  await Deno.symlink(`${folder}/home/brokers-1`, `${folder}/state/brokers-1`);
  const env = new Map([["TAXI_STATE", `${folder}/state`], ["TAXI_CACHE", `${folder}/cache`]]);
  assert.equal((await reset({ config: clusterConfig(env) })).length, 1);
  assert.equal(await Deno.readTextFile(`${folder}/home/brokers-1/homework.txt`), "mine");
  await Deno.remove(folder, { recursive: true });
});
