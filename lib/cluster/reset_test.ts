import assert from "node:assert/strict";
import { clusterConfig } from "./cluster_config.ts";
import { plannedRemovals, reset } from "./reset.ts";
import { openStateFolder } from "./state_folder.ts";

Deno.test("reset() keeps a learner's predictions, and would remove them with all the rest", async () => {
  const folder = await Deno.makeTempDir(), state = `${folder}/state`;
  const config = clusterConfig(
    new Map([["TAXI_STATE", state], ["TAXI_CACHE", `${folder}/cache`]]),
  );
  const file = `${state}/guesses/nb13.json`;
  await openStateFolder(state);
  await Deno.mkdir(`${state}/guesses`);
  await Deno.writeTextFile(file, "{}");
  for (const _time of [1, 2]) await reset({ config });
  assert.equal(await Deno.readTextFile(file), "{}");
  // Planned only: `all` is about this checkout's Python, too.
  const planned = await plannedRemovals({ config, all: true });
  assert.deepEqual(planned.flatMap(({ what }) => /predictions/.test(what) ? [what] : []), [
    "predictions and answers to quizzes",
  ]);
  await Deno.remove(folder, { recursive: true });
});
