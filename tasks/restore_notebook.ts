/** `deno task restore-notebook NN`: the notebook as it was shipped; what you made of it is kept beside it. */
import { folders } from "../lib/settings/mod.ts";
import { door, open } from "./_door.ts";

/** Copies of the notebooks as they are shipped, beside them: JupyterLab does not list hidden folders. */
export const SHIPPED = "notebooks/.shipped";

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
  /** The checkout, or an unpacked archive of it. */
  readonly root: string;
  /** Names the backup. @default the present, Unix epoch ms */
  readonly nowMs?: number;
}

/**
 * Restores one notebook from its shipped copy and keeps the learner's as `NN_name.mine-YYYYMMDD-HHMMSS.ipynb`.
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
  const pristine = await Deno.readTextFile(`${root}/${SHIPPED}/${name}.ipynb`);
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
  try {
    const entries = await Array.fromAsync(Deno.readDir(`${root}/${SHIPPED}`));
    return entries.flatMap(({ name }) => name.match(/^(\d\d_.*)\.ipynb$/)?.[1] ?? []).sort();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(
      `Cannot restore a notebook: "${root}/${SHIPPED}" is gone ` +
        "(download the course again and copy notebooks/ from it)",
    );
  }
}

async function read(file: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
