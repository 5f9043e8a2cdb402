import { createHash } from "node:crypto";
import { dirname } from "node:path";
import type { FetchFiles } from "../downloads/mod.ts";
import { fetchedUv } from "./fetched_uv.ts";
import { type Ended, here, type Platform } from "../platform/mod.ts";
import { findPython, type Python, type Run, runProgram } from "./find.ts";
import { installFailure, type Route, routes } from "./routes.ts";

/** What to put where. */
export interface PythonEnvironmentOptions {
  /** Folder of the environment. It is made, and remade when the requirements change. */
  readonly folder: string;
  /** File with every package pinned and hashed, as `pip --require-hashes` reads it. */
  readonly requirements: string;
  /** Folder shared by all environments of this user: a uv that had to be fetched is kept there. */
  readonly cache: string;
  /** Told what happens, one line at a time. @default nothing is said */
  readonly progress?: (line: string) => void;
  /** How to run a program. @default the real one */
  readonly run?: Run;
  /** How to fetch a pip where Python has none. @default from Maven Central */
  readonly fetch?: FetchFiles;
  /** Whose way to lay an environment out. @default this system's */
  readonly platform?: Platform;
}

/** An environment that is ready to use. */
export interface PythonEnvironment {
  /** The environment, as it was asked for. */
  readonly folder: string;
  /** Absolute path of its interpreter. */
  readonly python: string;
  /** Folder of its programs. */
  readonly bin: string;
}

/** Written last, so a half-made environment never has it. Holds the requirements' hash. */
const READY = "taxi-ready";

/**
 * Finds uv: the one that started us by uvx, which says so in `UV`, or the one on the search path.
 *
 * @returns How to call it; undefined where there is none.
 */
export async function installedUv(run: Run = runProgram): Promise<string | undefined> {
  const uv = Deno.env.get("UV") || "uv";
  return (await run(uv, ["--version"]))?.success ? uv : undefined;
}

/**
 * Makes a Python environment with exactly the packages of a requirements file, or finds it made.
 *
 * Tries uv, then venv, then a uv fetched by pip. Two processes may ask for the same folder at once:
 * one makes it, the other waits. A half-made environment is thrown away.
 *
 * @throws {Error} If there is no usable Python, no network, no space, or a hash does not match.
 */
export async function pythonEnvironment(
  options: PythonEnvironmentOptions,
): Promise<PythonEnvironment> {
  const { folder, requirements, platform = here } = options;
  if (await environmentIsReady(folder, requirements, platform)) return places(folder, platform);
  await Deno.mkdir(dirname(folder), { recursive: true });
  using lock = await Deno.open(`${folder}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (await environmentIsReady(folder, requirements, platform)) return places(folder, platform);
  await make({ ...options, platform });
  await Deno.writeTextFile(`${folder}/${READY}`, await fingerprint(requirements));
  return places(folder, platform);
}

/** Tells whether an environment stands complete for these requirements and its Python still runs. */
export async function environmentIsReady(
  folder: string,
  requirements: string,
  platform: Platform = here,
): Promise<boolean> {
  const ready = await Deno.readTextFile(`${folder}/${READY}`).catch(() => undefined);
  if (ready === undefined || ready !== await fingerprint(requirements)) return false;
  // The Python beneath may be gone since: a link to an upgraded or removed interpreter is dead.
  return await Deno.stat(places(folder, platform).python).then((file) => file.isFile, () => false);
}

async function fingerprint(requirements: string): Promise<string> {
  return createHash("sha256").update(await Deno.readFile(requirements)).digest("hex");
}

function places(folder: string, { os }: Platform): PythonEnvironment {
  const bin = `${folder}/${os === "windows" ? "Scripts" : "bin"}`;
  return { folder, bin, python: `${bin}/${os === "windows" ? "python.exe" : "python"}` };
}

/** Tries each way in turn; the first that works wins, the last failure is told. */
async function make(options: OnPlatform): Promise<void> {
  const { run = runProgram, platform } = options;
  const uv = await installedUv(run);
  let python: Python | undefined;
  try {
    python = await findPython(run, platform);
  } catch (error) {
    if (uv === undefined) throw error; // uv can fetch a Python of its own.
  }
  let failure = "";
  for (const route of routes({ uv: uv !== undefined, python, packed: packed(platform) })) {
    options.progress?.(`Installing Python packages with ${route} …`);
    await Deno.remove(options.folder, { recursive: true }).catch(() => {});
    const ended = await follow(route, { ...options, uv, python });
    if (ended.success) return;
    failure = installFailure(ended);
    // Another way needs the same network and the same disk.
    if (!failure.startsWith("Cannot install Python packages: ")) break;
  }
  throw new Error(failure);
}

/** Whether everything comes from a pack (lib/pack says so to pip by this). */
function packed({ env }: Platform): boolean {
  return env.get("PIP_NO_INDEX") === "1";
}

type OnPlatform = PythonEnvironmentOptions & { readonly platform: Platform };

/** What there is on this machine. */
interface Tools {
  readonly uv: string | undefined;
  readonly python: Python | undefined;
}

/** Goes one way to its end, or to its first failure. */
async function follow(
  route: Route,
  options: OnPlatform & Tools,
): Promise<Ended> {
  const { run = runProgram, cache, fetch, python, platform } = options;
  const uv = route === "fetched uv"
    ? await fetchedUv(python!, { cache, run, platform, ...(fetch && { fetch }) })
    : options.uv;
  if (typeof uv === "object") return uv;
  for (const [command, args] of commands(route, { ...options, uv })) {
    const ended = await run(command, args) ??
      { success: false, output: "", errors: `error: there is no program ${command}` };
    if (!ended.success) return ended;
  }
  return { success: true, output: "", errors: "" };
}

type Call = readonly [command: string, args: readonly string[]];

/** The programs to run, in order, for one way. */
function commands(
  route: Route,
  { uv, python, folder, requirements, platform }: OnPlatform & Tools,
): Call[] {
  const inside = places(folder, platform).python;
  // uv knows no variable for it, and without it asks the indexes that it remembers.
  const index = packed(platform) ? ["--no-index"] : [];
  const hashed = ["--require-hashes", "--only-binary=:all:", "-r", requirements];
  if (route === "venv") {
    return [
      [python!.command, ["-m", "venv", folder]],
      // Python compiles what is imported when it is: a third of it, and the install takes half as long.
      [inside, ["-m", "pip", "install", "--quiet", "--no-compile", "--retries", "2", ...hashed]],
    ];
  }
  return [
    [uv!, ["venv", "--quiet", "--python", python?.command ?? ">=3.10", folder]],
    [uv!, ["pip", "install", "--quiet", ...index, "--python", inside, ...hashed]],
  ];
}
