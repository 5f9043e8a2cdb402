/** `deno task upgrade-deps`: which npm packages have newer versions; with `--apply` takes them and runs every test. */
import { here } from "../lib/platform/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import { door, open } from "./_door.ts";
import { TESTS_LOCK } from "./_suite.ts";

await open(
  door("upgrade-deps", "Says which npm packages of deno.json have newer versions.")
    .option("--apply", "take them, write the lock files, and run every test")
    .action(async ({ apply }: { readonly apply?: boolean }) => {
      await deno("outdated", "--latest");
      if (!apply) return;
      await deno("outdated", "--update", "--latest");
      await deno("check", "--quiet", "--frozen=false", TESTS_LOCK, ".");
      await deno("run", "-A", TESTS_LOCK, "tasks/test.ts");
      console.log(
        "deno.json and both lock files are changed: say in the commit what is new for whom",
      );
    }),
);

/** Runs Deno in the checkout, and shows what it says as it says it. */
async function deno(...args: readonly string[]): Promise<void> {
  const child = await here.spawn(Deno.execPath(), {
    args,
    cwd: folders().root,
    output: "piped",
    errors: "ours",
  });
  for await (const bytes of child.stdout) {
    for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
  }
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`Cannot go on: "deno ${args.join(" ")}" ended with ${code}`);
}
