import { fileURLToPath } from "node:url";
import { type Environment, pathOf } from "./values.ts";

/** The three folders the project writes to or reads from; absolute paths. */
export interface Folders {
  /** The checkout: the folder that holds `deno.json`. */
  readonly root: string;
  /** What this checkout's cluster keeps: data, logs, locks. `TAXI_STATE`. @default `<root>/.taxi` */
  readonly state: string;
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
 */
export function folders(
  env: Environment = Deno.env,
  os: typeof Deno.build.os = Deno.build.os,
): Folders {
  // Forward slashes on every system: Java's properties and database addresses read a backslash otherwise.
  const path = fileURLToPath(new URL("../..", import.meta.url)).replace(/[/\\]$/, "");
  const root = os === "windows" ? path.replaceAll("\\", "/") : path;
  return {
    root,
    state: pathOf(env, "TAXI_STATE") ?? `${root}/.taxi`,
    cache: pathOf(env, "TAXI_CACHE") ?? `${systemCache(env, os)}/taxi-streams`,
  };
}

/** Each system's own place for files that can be fetched again. */
function systemCache(env: Environment, os: typeof Deno.build.os): string {
  const home = env.get("HOME") ?? env.get("USERPROFILE") ?? ".";
  if (os === "darwin") return `${home}/Library/Caches`;
  if (os === "windows") return env.get("LOCALAPPDATA") ?? `${home}/AppData/Local`;
  return env.get("XDG_CACHE_HOME") || `${home}/.cache`;
}
