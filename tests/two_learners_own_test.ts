import assert from "node:assert/strict";
import { connect } from "../lib/kafka/mod.ts";
import { kafkaSettings } from "../lib/settings/mod.ts";
import { withCluster, type World } from "../tasks/_world.ts";
import { missing } from "./needs.ts";
import { ownCheckout } from "./own_checkout.ts";

const NAME =
  "two learners run all notebooks at the same time on one Kafka, and neither meets the other";
const asked = Deno.env.get("TAXI_TEST_ALL") === "true";

Deno.test({
  name: asked ? NAME : missing(NAME, { program: "--all", get: "deno task test --all" }),
  ignore: !asked,
  fn: async () => {
    await withCluster(async (env) => {
      const foreign = { ...env, TAXI_KAFKA_PORT: "1", TAXI_LEARNER: "" };
      const { code, said } = await course(".", foreign, ["01"]);
      assert.equal(code, 1);
      assert.match(said, /01_records_and_topics#setup {2}Error: Cannot make topics on localhost:/);
      assert.deepEqual(await topics(env), []);

      // Each has a checkout: notebook 07 edits a file of it.
      await using first = await ownCheckout();
      await using second = await ownCheckout();
      const both = [{ ...first, learner: "ana" }, { ...second, learner: "bo" }];
      const ran = await Promise.all(
        both.map(({ folder, learner }) => course(folder, { ...foreign, TAXI_LEARNER: learner })),
      );
      for (const { code, said } of ran) assert.equal(code, 0, said);
      const names = await topics(env);
      assert.deepEqual(names.filter((name) => !/^(ana|bo)\.|^_/.test(name)), []);
    });
  },
});

async function course(folder: string, env: World, which: readonly string[] = []) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tasks/course.ts", ...which],
    cwd: folder,
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = new TextDecoder();
  return { code, said: text.decode(stdout) + text.decode(stderr) };
}

async function topics(env: World): Promise<readonly string[]> {
  await using kafka = await connect({ settings: kafkaSettings(new Map(Object.entries(env))) });
  return (await kafka.topics.list()).filter((name) => !name.startsWith("__"));
}
