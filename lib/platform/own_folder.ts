import { dirname } from "node:path";
import { here, type Platform } from "./platform.ts";

/** Which folder it is. */
export interface OwnFolderOptions {
  /** The variable that moves it. */
  readonly variable: string;
  /** System whose rules hold. @default this machine's */
  readonly platform?: Pick<Platform, "os">;
}

/**
 * Says how somebody else could change a folder that we write to or run programs from, with the fix; undefined when
 * nobody could, or it is not there.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { folderProblem } from "./own_folder.ts";
 * const folder = await Deno.makeTempDir(), variable = "TAXI_STATE";
 * assert.equal(await folderProblem(folder, { variable }), undefined);
 * assert.equal(await folderProblem(`${folder}/missing`, { variable }), undefined);
 * await Deno.remove(folder);
 * ```
 */
export async function folderProblem(
  folder: string,
  { variable, platform = here }: OwnFolderOptions,
): Promise<string | undefined> {
  // Behind a slash or a dot at the end the system follows a link before it tells of one.
  const found = await Deno.lstat(folder.replace(/(?<=.)([/\\]\.?)+$/, "")).catch(notThere);
  if (found === undefined) return undefined;
  if (found.isSymlink) return `it is a link (remove the link, or set ${variable} to a real folder)`;
  if (!found.isDirectory) return `it is not a folder (set ${variable} to a folder)`;
  if (platform.os === "windows") return undefined;
  if (found.uid !== null && found.uid !== Deno.uid()) {
    return `it belongs to user ${found.uid}, not to you (set ${variable} to a folder of your own)`;
  }
  const open = (found.mode ?? 0) & 0o022;
  if (open === 0) return undefined;
  const who = open & 0o002 ? "everybody" : "its group";
  return `${who} may write to it (run "chmod 700 ${folder}")`;
}

/**
 * Says why we could not write to a folder, or make it, with the fix; undefined where we could. Leaves nothing behind.
 *
 * @param options.tryToWrite Writes a file to a folder and removes it; a test is on a system that refuses.
 */
export async function writeProblem(
  folder: string,
  { variable, tryToWrite = writeAndRemove }: Pick<OwnFolderOptions, "variable"> & {
    readonly tryToWrite?: (folder: string) => Promise<void>;
  },
): Promise<string | undefined> {
  for (let path = folder;; path = dirname(path)) {
    try {
      await tryToWrite(path);
      return undefined;
    } catch (error) {
      const { code, message } = error as { readonly code?: string; readonly message: string };
      if (code === "ENOENT" && dirname(path) !== path) continue;
      // Who counts what is free tells more of a full disk.
      if (code === "ENOSPC") return undefined;
      const fix = `(set ${variable} to a folder of your own)`;
      if (code === "EROFS") return `its disk can only be read ${fix}`;
      if (code !== "EACCES" && code !== "EPERM") return `${message} ${fix}`;
      return path === folder
        ? `you may not write to it ${fix}`
        : `you may not make it in "${path}" ${fix}`;
    }
  }
}

async function writeAndRemove(folder: string): Promise<void> {
  await Deno.remove(await Deno.makeTempFile({ dir: folder, prefix: ".taxi-doctor-" }));
}

/** What cannot be looked at is not taken for missing. */
function notThere(error: unknown): undefined {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

/**
 * Makes a folder for its owner alone, or finds it made.
 *
 * @param purpose What the folder is for, as in `Cannot keep downloads in "…"`.
 * @throws {Error} If somebody else could change it, or we could not.
 */
export async function openOwnFolder(
  folder: string,
  { purpose, ...options }: OwnFolderOptions & { readonly purpose: string },
): Promise<void> {
  const refuse = (problem: string) => new Error(`Cannot ${purpose} in "${folder}": ${problem}`);
  const before = await folderProblem(folder, options) ?? await writeProblem(folder, options);
  if (before !== undefined) throw refuse(before);
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  // Somebody else may have made it meanwhile.
  const problem = await folderProblem(folder, options);
  if (problem !== undefined) throw refuse(problem);
}
