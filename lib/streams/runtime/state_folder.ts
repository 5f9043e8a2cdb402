/**
 * A folder of its own for each process that keeps rows on disk.
 *
 * @module
 */

/** A folder that no other process uses as long as this one lives. */
export interface ClaimedFolder {
  readonly path: string;
  /** Lets another process have it. The end of the process does too, a kill included. */
  release(): void;
}

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
 */
export async function claimFolder(directory: string): Promise<ClaimedFolder> {
  for (let number = 1;; number++) {
    const path = `${directory}/${number}`;
    await Deno.mkdir(path, { recursive: true });
    const lock = await Deno.open(`${path}/lock`, { create: true, write: true });
    if (await lock.tryLock(true)) return { path, release: () => lock.close() };
    lock.close();
  }
}
