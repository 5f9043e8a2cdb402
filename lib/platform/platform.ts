import { posix, win32 } from "node:path";
import {
  type Child,
  type Ended,
  run,
  type RunOptions,
  spawn,
  type SpawnOptions,
} from "./children.ts";

/** The systems we know; any other Unix is treated as Linux. */
export type SystemName = "linux" | "darwin" | "windows";

/** Memory of this machine. */
export interface Memory {
  /** What programs may still take. */
  readonly availableBytes: number;
  /** All there is. */
  readonly totalBytes: number;
}

/**
 * What differs between systems, as one object: a test replaces what it wants and is on another system.
 *
 * @example "Windows", where PowerShell is forbidden
 * ```ts
 * import assert from "node:assert/strict";
 * import { platform } from "./platform.ts";
 * const windows = platform("windows", { run: () => Promise.resolve(undefined) });
 * assert.equal(windows.path.join("C:\\Users", "ada"), "C:\\Users\\ada");
 * assert.equal(await windows.run("powershell", []), undefined);
 * ```
 */
export interface Platform {
  /** Which system it is, or pretends to be. */
  readonly os: SystemName;
  /** This system's way to write paths: `sep`, `delimiter`, `join`, `basename`. */
  readonly path: typeof posix;
  /** Variables of this process. */
  readonly env: { get(name: string): string | undefined; toObject(): Record<string, string> };
  /** Runs a program to its end, without a window; undefined when there is no such program. */
  readonly run: (
    command: string,
    args: readonly string[],
    options?: RunOptions,
  ) => Promise<Ended | undefined>;
  /** Starts a program in the background, without a window. */
  readonly spawn: (command: string, options: SpawnOptions) => Promise<Child>;
  /**
   * Sends a signal to a process; false when there is none. On Windows every signal but `SIGINT`, `SIGBREAK` and
   * `SIGHUP` kills, and those three cannot be sent: ask by {@linkcode Child.closeInput} instead.
   */
  readonly kill: (pid: number, signal: "SIGKILL" | "SIGTERM") => boolean;
  /** Renames a file; replaces a file of the new name. */
  readonly rename: (from: string, to: string) => void;
  /** Memory at this moment. */
  readonly memory: () => Memory;
}

/** What a test may replace. */
export type Abilities = Partial<Omit<Platform, "os" | "path">>;

/** A system by its name; what is not replaced is this machine's. */
export function platform(os: SystemName, abilities: Abilities = {}): Platform {
  return {
    os,
    path: os === "windows" ? win32 : posix,
    env: Deno.env,
    run,
    spawn,
    kill,
    rename: Deno.renameSync,
    memory: () => memoryOf(Deno.systemMemoryInfo()),
    ...abilities,
  };
}

/** The system this process runs on. */
export const here: Platform = platform(
  Deno.build.os === "windows" || Deno.build.os === "darwin" ? Deno.build.os : "linux",
);

function kill(pid: number, signal: "SIGKILL" | "SIGTERM"): boolean {
  try {
    Deno.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Windows tells what is free and 0 for what is available (denoland/deno#13724).
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { memoryOf } from "./platform.ts";
 * assert.equal(memoryOf({ available: 0, free: 6e9, total: 25e9 }).availableBytes, 6e9);
 * assert.equal(memoryOf({ available: 9e9, free: 6e9, total: 25e9 }).availableBytes, 9e9);
 * ```
 */
export function memoryOf(
  { available, free, total }: Pick<Deno.SystemMemoryInfo, "available" | "free" | "total">,
): Memory {
  return { availableBytes: available || free, totalBytes: total };
}
