import assert from "node:assert/strict";
import { lectures } from "../lib/course/mod.ts";
import { withCluster } from "../tasks/_world.ts";
import { ownCheckout } from "./own_checkout.ts";

/** It starts three brokers and loses some of them: `deno task test --all` runs it (course_three_brokers_all_test.ts). */
const ON_THREE_BROKERS = "21_when_a_broker_dies";

Deno.test("deno task course runs every notebook but 21: each check refuses the stub and accepts the solution", async () => {
  await using checkout = await ownCheckout();
  const names = (await lectures()).map(({ notebook }) => notebook.name)
    .filter((name) => name !== ON_THREE_BROKERS);
  const { code, stdout, stderr } = await withCluster((env) =>
    new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "tasks/course.ts", "--both", "--json", ...names],
      cwd: checkout.folder,
      stdin: "null",
      env: { ...env, NO_COLOR: "1" },
    }).output()
  );
  const told = new TextDecoder().decode(stdout).trim().split("\n").map((line) => JSON.parse(line));
  assert.deepEqual(told.flatMap((one) => one.wrong), []);
  assert.equal(code, 0, new TextDecoder().decode(stderr));
  assert.deepEqual(told.map((one) => one.notebook), names);
});
