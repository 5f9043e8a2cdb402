/**
 * A folder of its own for each process that keeps rows on disk.
 *
 * @module
 */

import { resolve } from "node:path";
import { openOwnFolder } from "../../platform/mod.ts";

/** A folder that no other process uses as long as this one lives. */
export interface ClaimedFolder {
  /** Where it stands. */
  readonly path: string;
  /** Lets another process have it. The end of the process does too, a kill included. */
  release(): void;
}

/** Shows that the folder is ours to empty. */
const marker = (directory: string) => `${directory}/taxi-streams-tables`;

/**
 * Takes the first folder `1`, `2`, … below `directory` that no living process has.
 *
 * Several workers on one machine share `directory`; one that was killed and starts again finds the rows it left.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { claimFolder } from "./state_folder.ts";
 * const directory = await Deno.makeTempDir();
 * const first = await claimFolder(directory), second = await claimFolder(directory);
 * assert.deepEqual([first.path, second.path], [`${directory}/1`, `${directory}/2`]);
 * for (const folder of [first, second]) folder.release();
 * await Deno.remove(directory, { recursive: true });
 * ```
 * @throws {Error} If somebody else could change one of the folders.
 */
export async function claimFolder(directory: string): Promise<ClaimedFolder> {
  const own = { purpose: "keep tables", variable: "--state-dir" };
  await openOwnFolder(directory, own);
  await Deno.writeTextFile(
    marker(directory),
    "Taxi Streams keeps tables of a streams app here.\n",
    {
      mode: 0o600,
    },
  );
  for (let number = 1;; number++) {
    const path = `${directory}/${number}`;
    await openOwnFolder(path, own);
    const lock = await Deno.open(`${path}/lock`, { create: true, write: true, mode: 0o600 });
    if (await lock.tryLock(true)) return { path, release: () => lock.close() };
    lock.close();
  }
}

/**
 * Removes what {@linkcode claimFolder} made below `directory`, and nothing else: a folder named by mistake stays whole.
 *
 * @example Somebody's own folder is refused
 * ```ts
 * import assert from "node:assert/strict";
 * import { forgetFolders } from "./state_folder.ts";
 * const directory = await Deno.makeTempDir();
 * await forgetFolders(`${directory}/missing`);
 * await assert.rejects(forgetFolders(directory), /it does not carry our marker/);
 * await Deno.remove(directory);
 * ```
 * @throws {Error} If the folder is there and does not carry our marker.
 */
export async function forgetFolders(directory: string): Promise<void> {
  // Without the slash behind which a link is followed.
  const found = await Deno.lstat(resolve(directory)).catch(() => undefined);
  if (found === undefined) return;
  const isOurs = found.isDirectory &&
    await Deno.lstat(marker(directory)).then((file) => file.isFile, () => false);
  if (!isOurs) {
    throw new Error(
      `Cannot reset "${directory}": it does not carry our marker, so its files may be yours ` +
        "(name the folder that a worker wrote, or remove it by hand)",
    );
  }
  for await (const { name, isDirectory } of Deno.readDir(directory)) {
    const path = `${directory}/${name}`;
    const isClaimed = isDirectory && /^\d+$/.test(name) &&
      await Deno.lstat(`${path}/lock`).then((file) => file.isFile, () => false);
    if (isClaimed) await Deno.remove(path, { recursive: true });
  }
  await Deno.remove(marker(directory));
  // Gone when nothing else is in it.
  await Deno.remove(directory).catch(() => {});
}
