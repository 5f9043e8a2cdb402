import { type Ended, here, type Platform } from "../platform/mod.ts";

/** A Python that can run here, and what it can do. */
export interface Python {
  /** Absolute path of the interpreter. */
  readonly command: string;
  /** `major.minor.micro`. */
  readonly version: string;
  /** True when `python -m venv` can make an environment with pip in it. */
  readonly venv: boolean;
  /** True when `python -m pip` works. */
  readonly pip: boolean;
}

/** Runs a program to its end; undefined when there is no such program. */
export type Run = (command: string, args: readonly string[]) => Promise<Ended | undefined>;

/** The oldest Python that JupyterLab 4 and the Java runtime's wheel run on. */
const LEAST = [3, 10] as const;

/** `python3` may be too old (macOS ships 3.9) while a newer one stands beside it. */
const NAMES = [
  "python3",
  "python",
  ...["3.14", "3.13", "3.12", "3.11", "3.10"].map((version) => `python${version}`),
];

/** Debian's Python without python3-venv has the module `venv` but not `ensurepip`, and cannot use it. */
const PROBE = `
import importlib.util as u, json, sys
has = lambda name: u.find_spec(name) is not None
print(json.dumps({"command": sys.executable, "version": "%d.%d.%d" % sys.version_info[:3],
  "venv": has("venv") and has("ensurepip"), "pip": has("pip")}))`;

/**
 * Finds a Python of at least 3.10 on the search path, the first that fits.
 *
 * @example The system's own is too old, a newer one stands beside it
 * ```ts
 * import assert from "node:assert/strict";
 * import { findPython } from "./find.ts";
 * const answer = (command: string, version: string) => ({
 *   success: true, errors: "", output: JSON.stringify({ command, version, venv: true, pip: true }),
 * });
 * const python = await findPython((name) => Promise.resolve(
 *   name === "python3" ? answer("/usr/bin/python3", "3.9.6")
 *     : name === "python3.12" ? answer("/opt/python3.12", "3.12.1") : undefined));
 * assert.equal(python.command, "/opt/python3.12");
 * ```
 * @param run How to run a program. @default the real one
 * @param platform Which system to look at. @default this one
 * @throws {Error} If there is none, or only older ones.
 */
export async function findPython(
  run: Run = runProgram,
  platform: Pick<Platform, "os" | "env"> = here,
): Promise<Python> {
  const tooOld: string[] = [];
  for (const name of await commands(run, platform)) {
    const answer = await run(name, ["-c", PROBE]);
    const python = answer?.success ? parse(answer.output) : undefined;
    if (python === undefined) continue;
    if (isNewEnough(python.version)) return python;
    tooOld.push(`${python.version} at ${python.command}`);
  }
  const found = tooOld.length > 0 ? `only Python ${tooOld[0]}` : "no python3 on the search path";
  throw new Error(`Cannot find Python 3.10 or newer: ${found} (${installPython(platform.os)})`);
}

/**
 * What to try. A Mac without Apple's developer tools has a `/usr/bin/python3` that opens a window to install them, and
 * what it installs is too old: there only the Pythons of other folders are tried.
 */
async function commands(run: Run, { os, env }: Pick<Platform, "os" | "env">): Promise<string[]> {
  if (os === "windows") return [...NAMES, "py"];
  if (os !== "darwin" || (await run("xcode-select", ["-p"]))?.success) return NAMES;
  const folders = (env.get("PATH") ?? "").split(":").filter((one) => one && one !== "/usr/bin");
  return NAMES.flatMap((name) => folders.map((folder) => `${folder}/${name}`));
}

/** Says how to get a Python on this system. */
function installPython(os: Platform["os"]): string {
  if (os === "darwin") {
    return 'run "brew install python", or install it from its website';
  }
  if (os === "windows") return 'run "winget install Python.Python.3.13"';
  return 'Debian, Ubuntu: run "sudo apt install python3 python3-venv"';
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

/** A pyenv or Store shim may print words of its own first: the answer is the last line. */
function parse(output: string): Python | undefined {
  try {
    return JSON.parse(output.trim().split("\n").at(-1) ?? "") as Python;
  } catch {
    return undefined;
  }
}

/** {@linkcode Run} for real: nothing reaches the terminal, nothing is read from it. */
export function runProgram(
  command: string,
  args: readonly string[],
): Promise<Ended | undefined> {
  return here.run(command, args, { env: { ...here.env.toObject(), ...QUIET } });
}

/** A learner's own pip and Python settings must not reach into our environments. */
const QUIET = {
  PYTHONPATH: "",
  PYTHONNOUSERSITE: "1",
  PYTHONUTF8: "1",
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  PIP_REQUIRE_VIRTUALENV: "0",
  PIP_USER: "0",
  PIP_NO_INPUT: "1",
  PIP_ROOT_USER_ACTION: "ignore",
};
