/** `deno task restore-notebook NN`: the notebook as it was shipped; what you made of it is kept beside it. */
import { folders } from "../lib/settings/mod.ts";
import { door, open } from "./_door.ts";

if (import.meta.main) {
  await open(
    door(
      "restore-notebook",
      "Brings a notebook back as it was shipped; your copy is kept beside it.",
    )
      .argument("<notebook>", "number or name, such as 04")
      .action(async (wanted: string) => {
        for (const line of await restore(wanted, { root: folders().root })) console.log(line);
      }),
  );
}

/** Where to restore. */
export interface RestoreOptions {
  /** The checkout. */
  readonly root: string;
  /** Names the backup. @default the present, Unix epoch ms */
  readonly nowMs?: number;
}

/**
 * Restores one notebook from git and keeps the learner's as `NN_name.mine-YYYYMMDD-HHMMSS.ipynb`.
 *
 * @returns What it did, in lines.
 * @throws {RangeError} If the shipped course has no such notebook.
 */
export async function restore(
  wanted: string,
  { root, nowMs = Date.now() }: RestoreOptions,
): Promise<readonly string[]> {
  const shipped = await shippedNames(root);
  const word = wanted.replace(/\.ipynb$/, "");
  const name = shipped.find((one) =>
    one === word || (/^\d+$/.test(word) && one.startsWith(`${word.padStart(2, "0")}_`))
  );
  if (name === undefined) {
    throw new RangeError(`Cannot restore "${wanted}": the course has ${shipped.join(", ")}`);
  }
  const path = `notebooks/${name}.ipynb`, file = `${root}/${path}`;
  const pristine = await git(root, ["show", `HEAD:${path}`]);
  const mine = await read(file);
  if (mine === pristine) return [`${path} is as it was shipped: nothing to do`];
  const lines: string[] = [];
  if (mine !== undefined) {
    const stamp = new Date(nowMs).toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
    const backup = `notebooks/${name}.mine-${stamp}.ipynb`;
    // A copy under a new name: an older backup is never overwritten.
    await Deno.writeTextFile(`${root}/${backup}`, mine, { createNew: true });
    lines.push(`Your copy is now ${backup}`);
  }
  await Deno.writeTextFile(file, pristine);
  return [...lines, `Restored ${path} (reload it in JupyterLab: File > Reload Notebook from Disk)`];
}

async function shippedNames(root: string): Promise<string[]> {
  const listed = await git(root, ["ls-tree", "--name-only", "HEAD", "notebooks/"]);
  return listed.split("\n").flatMap((path) =>
    path.match(/^notebooks\/(\d\d_.*)\.ipynb$/)?.[1] ?? []
  );
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

async function git(root: string, args: readonly string[]): Promise<string> {
  try {
    const { success, stdout, stderr } = await new Deno.Command("git", {
      args: ["-C", root, ...args],
      stdin: "null",
    }).output();
    if (success) return new TextDecoder().decode(stdout);
    throw new Error(new TextDecoder().decode(stderr).trim());
  } catch (error) {
    const said = error instanceof Deno.errors.NotFound
      ? "git is not installed"
      : (error as Error).message;
    throw new Error(
      `Cannot restore a notebook: ${said} (download the course again and copy notebooks/ from it)`,
    );
  }
}
