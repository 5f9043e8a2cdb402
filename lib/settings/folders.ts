import { createHash } from "node:crypto";
import { win32 } from "node:path";
import { fileURLToPath } from "node:url";
import { type Environment, pathOf } from "./values.ts";

/** The folders the project writes to or reads from; absolute paths. */
export interface Folders {
  /** The checkout: the folder that holds `deno.json`. */
  readonly root: string;
  /**
   * What this checkout's cluster keeps: data, logs, locks. `TAXI_STATE`.
   *
   * @default `<root>/.taxi`, or a folder of its own below `%LOCALAPPDATA%` where the checkout is in OneDrive
   */
  readonly state: string;
  /** JupyterLab's Python environment, beside the state's default place. */
  readonly venv: string;
  /** Downloads, shared by all checkouts of one user. `TAXI_CACHE`. @default the system's cache folder */
  readonly cache: string;
}

/**
 * Finds the folders of this checkout.
 *
 * @example A test keeps its cluster in a folder of its own
 * ```ts
 * import assert from "node:assert/strict";
 * import { folders } from "./folders.ts";
 * assert.equal(folders(new Map([["TAXI_STATE", "/tmp/one"], ["HOME", "/home/ada"]])).state, "/tmp/one");
 * ```
 * @param env Environment to read. @default Deno.env
 * @param os Which system's places to name. @default this one's
 * @param checkout Where the checkout is. @default the one that this file is in
 */
export function folders(
  env: Environment = Deno.env,
  os: typeof Deno.build.os = Deno.build.os,
  checkout: string = fileURLToPath(new URL("../..", import.meta.url)),
): Folders {
  const path = checkout.replace(/[/\\]$/, "");
  // Forward slashes on every system: Java's properties and database addresses read a backslash otherwise.
  const root = os === "windows" ? path.replaceAll("\\", "/") : path;
  const made = os === "windows" && isInOneDrive(root, env)
    ? `${systemCache(env, os)}/taxi-streams-checkouts/${shortHash(root)}`
    : root;
  return {
    root,
    state: pathOf(env, "TAXI_STATE", os) ?? `${made}/.taxi`,
    venv: `${made}/.venv`,
    cache: pathOf(env, "TAXI_CACHE", os) ?? `${systemCache(env, os)}/taxi-streams`,
  };
}

/** Each system's own place for files that can be fetched again. */
function systemCache(env: Environment, os: typeof Deno.build.os): string {
  const home = env.get("HOME") ?? env.get("USERPROFILE") ?? ".";
  if (os === "darwin") return `${home}/Library/Caches`;
  if (os === "windows") return env.get("LOCALAPPDATA") ?? `${home}/AppData/Local`;
  return pathOf(env, "XDG_CACHE_HOME", os) ?? `${home}/.cache`;
}

/**
 * Whether a path of Windows is in a folder that OneDrive copies: it holds open what was just written, and ten thousand
 * files of a Python environment keep it busy for hours.
 *
 * @param path With the drive's letter; upper and lower case are one.
 */
export function isInOneDrive(path: string, env: Environment = Deno.env): boolean {
  return ["OneDrive", "OneDriveConsumer", "OneDriveCommercial"].some((name) => {
    const folder = env.get(name);
    if (!folder) return false;
    const way = win32.relative(folder, path);
    return !way.startsWith("..") && !win32.isAbsolute(way);
  });
}

/** The same for every way to write one path of Windows. */
function shortHash(path: string): string {
  return createHash("sha256").update(path.toLowerCase()).digest("hex").slice(0, 12);
}
