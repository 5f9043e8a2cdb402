/**
 * A copy of the checkout, for tests that write into it: notebook 07 changes a schema, which others read meanwhile.
 *
 * @module
 */
import { labPlaces, pythonOf } from "../lib/lab/mod.ts";
import { folders } from "../lib/settings/mod.ts";

/** What is made in a checkout, and belongs to it alone. */
const MADE = [".git", ".taxi", ".venv", ".venv.lock", "dist"];

/** Copies the checkout into a new folder, as a learner has it: without what is made in it. */
export async function copyCheckout(to: string): Promise<void> {
  const { root } = folders();
  const copy = async (path: string): Promise<void> => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(`${root}${path}`)) {
      if (path === "" && MADE.includes(name)) continue;
      // What is gone since it was listed was another test's.
      if (isFile) await unlessGone(Deno.copyFile(`${root}${path}/${name}`, `${to}${path}/${name}`));
      if (!isDirectory) continue;
      await Deno.mkdir(`${to}${path}/${name}`, { recursive: true });
      await unlessGone(copy(`${path}/${name}`));
    }
  };
  await Deno.mkdir(to, { recursive: true });
  await copy("");
}

async function unlessGone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** A copy that shares this checkout's Python environment. */
export async function ownCheckout(): Promise<{ readonly folder: string } & AsyncDisposable> {
  await pythonOf();
  const folder = await Deno.makeTempDir({ prefix: "taxi-checkout-" });
  await copyCheckout(folder);
  await Deno.symlink(labPlaces().venv, `${folder}/.venv`, { type: "junction" });
  return {
    folder,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
