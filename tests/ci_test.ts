import assert from "node:assert/strict";
import { parse } from "npm:yaml@2.9.1";

const readme = await Deno.readTextFile("README.md");
const [deno] = readme.match(/npx -y deno@[\d.]+/)!;

Deno.test("CI runs the README's two commands on Linux, macOS and Windows, with no rights of its own", async () => {
  const { jobs, permissions } = parse(await Deno.readTextFile(".github/workflows/ci.yml"));
  assert.deepEqual(permissions, { contents: "read" });
  const { strategy, steps } = jobs.readme;
  const systems = strategy.matrix.os.map((os: string) => os.replace(/-.*/, ""));
  assert.deepEqual(systems, ["ubuntu", "macos", "windows"]);
  const run = steps.map((step: { run?: string }) => step.run ?? "").join("\n");
  for (const task of ["lab", "test"]) assert.ok(run.includes(`${deno} task ${task}`), task);
  assert.deepEqual(new Set(run.match(/npx -y deno@[\d.]+/g)), new Set([deno]));
});

Deno.test("the dev container and the hook use the Deno that the README names, and files that are there", async () => {
  for (
    const file of [".devcontainer/prepare.sh", ".devcontainer/open.sh", ".githooks/pre-commit"]
  ) {
    const text = await Deno.readTextFile(file);
    assert.deepEqual(new Set(text.match(/npx -y deno@[\d.]+/g)), new Set([deno]), file);
    for (const [path] of text.matchAll(/tasks\/\w+\.ts/g)) {
      assert.ok(
        (await Deno.stat(path)).isFile,
      );
    }
  }
  const container = await Deno.readTextFile(".devcontainer/devcontainer.json");
  const { forwardPorts, updateContentCommand, postAttachCommand } = JSON.parse(
    container.replace(/^\s*\/\/.*$/gm, ""),
  );
  assert.deepEqual(forwardPorts, [8888, 9021]);
  for (const command of [updateContentCommand, postAttachCommand]) {
    assert.ok((await Deno.stat(command.replace(/^sh /, ""))).isFile, command);
  }
});
