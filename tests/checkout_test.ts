import assert from "node:assert/strict";
import { here } from "../lib/platform/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import { GIT, missing } from "./needs.ts";

const { root } = folders();

/** What git prints; undefined where there is none, or where this is no clone. */
async function git(...args: readonly string[]): Promise<string | undefined> {
  const ended = await here.run("git", args);
  return ended?.success ? ended.output : undefined;
}

const NAME = "a clone made with Git for Windows' own settings has no CRLF";
const isClone = await git("-C", root, "rev-parse", "--verify", "HEAD") !== undefined;

Deno.test({ name: isClone ? NAME : missing(NAME, GIT), ignore: !isClone, fn: lineEnds });

async function lineEnds() {
  const folder = await Deno.makeTempDir({ prefix: "taxi-clone-" });
  try {
    const asOnWindows = ["-c", "core.autocrlf=true", "-c", "core.eol=native"];
    await git("clone", "--quiet", "--shared", ...asOnWindows, root, folder);
    const listed = await git("-C", folder, "ls-files", "--eol");
    const lines = listed!.trim().split("\n");
    assert.ok(lines.length > 100);
    assert.deepEqual(lines.filter((line) => /w\/(crlf|mixed)/.test(line)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
