/**
 * What is wrong with where the course lies on Windows, found before something fails for it.
 *
 * @module
 */
import { win32 } from "node:path";
import type { Platform } from "../../platform/mod.ts";
import { type Folders, isInOneDrive } from "../../settings/mod.ts";

/** A fault and the one thing to do. */
export interface FolderFault {
  readonly says: string;
  readonly fix: string;
}

/** Windows takes 260 characters where long paths are off; the longest path that is made below the checkout has 155. */
const LONGEST_ROOT = 260 - 155 - "/.venv/".length;

const LONG_PATHS = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\FileSystem`;

/** Finds what would go wrong with these folders on Windows; null where all is well. */
export async function windowsFolderFault(
  { root, state, venv, cache }: Folders,
  platform: Pick<Platform, "env" | "run" | "os">,
): Promise<FolderFault | null> {
  const move = 'move the course to a folder such as "C:\\taxi"';
  if (isInOneDrive(state, platform.env)) {
    return {
      says: `"${state}" is in OneDrive, which holds files open while it copies them`,
      fix: "unset TAXI_STATE, or name a folder elsewhere",
    };
  }
  const unreadable = readByJava({ root, state, cache }).find((path) => !isAnsi(path));
  if (unreadable !== undefined) {
    const fix = `${move}, and set TAXI_CACHE to "C:\\taxi-cache"`;
    return { says: `Java may not find "${unreadable}", for the letters in its name`, fix };
  }
  const fetched = `${cache}/java`;
  if (await isThere(fetched) && await nameForJava(fetched, platform) === null) {
    return {
      says: `Java may not start in "${fetched}", for the letters in its name`,
      fix: 'set TAXI_CACHE to "C:\\taxi-cache"',
    };
  }
  const { length } = win32.dirname(venv);
  if (length > LONGEST_ROOT && !await takesLongPaths(platform)) {
    return {
      says:
        `the path of the course has ${length} characters, at most ${LONGEST_ROOT} leave room for its files`,
      fix: `${move}, or switch on Windows' long paths`,
    };
  }
  return null;
}

/**
 * Whether Java can be told this path on any Windows of the West: its arguments come in the system's code page.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isAnsi } from "./windows_folders.ts";
 * assert.deepEqual(["Müller", "Łukasz", "王"].map(isAnsi), [true, false, false]);
 * ```
 */
export function isAnsi(path: string): boolean {
  return /^[\0-\xff]*$/.test(path);
}

/** Java starts in the brokers' folder and is told paths from there; only where it lies itself is a whole path. */
function readByJava({ root, state, cache }: Omit<Folders, "venv">): string[] {
  const from = `${state}/brokers-1`;
  return [win32.relative(from, `${root}/lib`), win32.relative(from, `${cache}/jars`)];
}

/**
 * Another name of a folder, in letters that a Java in it can read: Java is told where it lies itself in the system's
 * code page. Windows keeps a short name (`C:\USERS\1F3E~1`) of most folders on its own drive.
 *
 * @returns The folder itself where its letters will do; null where Windows knows no other name for it.
 */
export async function nameForJava(
  folder: string,
  { os, run }: Pick<Platform, "os" | "run">,
): Promise<string | null> {
  if (os !== "windows" || isAnsi(folder)) return folder;
  const ended = await run("cmd", ["/d", "/c", "for %I in (.) do @echo %~fsI"], { cwd: folder });
  const name = ended?.output.trim() ?? "";
  return /^[A-Z]:[^?\u0080-\uffff]+$/i.test(name) ? name.replaceAll("\\", "/") : null;
}

function isThere(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

async function takesLongPaths({ run }: Pick<Platform, "run">): Promise<boolean> {
  const ended = await run("reg", ["query", LONG_PATHS, "/v", "LongPathsEnabled"]);
  return /LongPathsEnabled\s+REG_DWORD\s+0x1\b/.test(ended?.output ?? "");
}
