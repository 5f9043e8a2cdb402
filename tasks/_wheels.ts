/**
 * Which wheel of a hashed requirements file a system and a Python can use, without asking any registry.
 *
 * @module
 */

/** A system a learner may have, as wheels and markers name it. */
export interface WheelPlatform {
  readonly name: string;
  /** `sys_platform`, `platform_machine` and `os_name` of Python's markers. */
  readonly sys: "linux" | "darwin" | "win32";
  readonly machine: string;
  /** The platform part of the wheels that run there. */
  readonly tags: RegExp;
}

/** glibc 2.28 (Debian 10, RHEL 8) and macOS 13, or newer. */
const GLIBC = "manylinux(?:1|2010|2014|_2_(?:[5-9]|1\\d|2[0-8]))";
const MACOS = "macosx_1[0-3]_\\d+";

const platform = (
  name: string,
  sys: WheelPlatform["sys"],
  machine: string,
  tags: string,
): WheelPlatform => ({ name, sys, machine, tags: new RegExp(`^(?:any|${tags})$`) });

/** What the README says the course runs on. */
export const SUPPORTED: readonly WheelPlatform[] = [
  platform("Linux x64", "linux", "x86_64", `${GLIBC}_x86_64`),
  platform("Linux arm64", "linux", "aarch64", `${GLIBC}_aarch64`),
  platform("macOS arm64", "darwin", "arm64", `${MACOS}_(?:arm64|universal2)`),
  platform("macOS x64", "darwin", "x86_64", `${MACOS}_(?:x86_64|universal2)`),
  platform("Windows x64", "win32", "AMD64", "win_amd64"),
];

/** What it says the course does not install itself on. */
export const UNSUPPORTED: readonly WheelPlatform[] = [
  platform("Windows on Arm", "win32", "ARM64", "win_arm64"),
  platform("Linux x64 with musl", "linux", "x86_64", "musllinux_1_[12]_x86_64"),
];

/** Minor versions of Python 3 that `findPython()` takes and that have been published. */
export const PYTHONS = [10, 11, 12, 13, 14] as const;

/** A Python of this minor version as markers see it: some hold from a bug fix on. The ones before it take the older wheel. */
export function fullVersion(minor: number): string {
  return `3.${minor}.9`;
}

/** One line of a requirements file. */
export interface Requirement {
  readonly name: string;
  readonly version: string;
  /** As it stands in the file; empty where it holds everywhere. */
  readonly marker: string;
  readonly hashes: ReadonlySet<string>;
}

/** Reads a requirements file in which everything is pinned and hashed. */
export function requirementsOf(text: string): Requirement[] {
  const lines = text.replace(/^#.*$/gm, "").replace(/\\\r?\n/g, " ").split(/\r?\n/);
  return lines.filter((line) => line.trim() !== "").map((line) => {
    const [, name, version, marker] = line.match(/^([\w.-]+)==(\S+)(?:\s*;\s*(.*?))?\s+--hash/) ??
      [];
    if (name === undefined || version === undefined) {
      throw new SyntaxError(`Cannot read requirement "${line}": it is not name==version --hash=…`);
    }
    const hashes = new Set(Array.from(line.matchAll(/--hash=sha256:(\w+)/g), ([, hash]) => hash!));
    return { name, version, marker: marker ?? "", hashes };
  });
}

/** Names beside their SHA-256, in the form of `sha256sum`. */
export type WheelNames = ReadonlyMap<string, string>;

/** Reads `wheels.sha256`. */
export function wheelNamesOf(text: string): WheelNames {
  return new Map(
    Array.from(text.matchAll(/^(\w{64}) {2}(\S+)$/gm), ([, hash, name]) => [hash!, name!]),
  );
}

/** Whether a Python on a system can install a wheel of this name. */
export function fits(wheel: string, { tags }: WheelPlatform, minor: number): boolean {
  const [pythons = "", abi = "", platforms = ""] = wheel.replace(/\.whl$/, "").split("-").slice(-3);
  const rightPython = pythons.split(".").some((python) => {
    const since = Number(python.match(/^(?:py|cp)3(\d*)$/)?.[1] || (python === "py3" ? 0 : NaN));
    if (python.startsWith("py")) return abi === "none" && since <= minor;
    return abi === "abi3" ? since <= minor : since === minor && /^(none|cp3\d+)$/.test(abi);
  });
  return rightPython && platforms.split(".").some((one) => tags.test(one));
}

/** The requirements that hold on this system with this Python and have no wheel in the list, as `name==version`. */
export function withoutWheel(...args: Parameters<typeof lackingWheels>): string[] {
  return lackingWheels(...args).map(({ name, version }) => `${name}==${version}`);
}

/** The requirements that hold on this system with this Python and have no wheel in the list. */
export function lackingWheels(
  requirements: readonly Requirement[],
  names: WheelNames,
  on: WheelPlatform,
  minor: number,
): Requirement[] {
  const environment: Record<string, string> = {
    sys_platform: on.sys,
    platform_machine: on.machine,
    os_name: on.sys === "win32" ? "nt" : "posix",
    implementation_name: "cpython",
    python_full_version: fullVersion(minor),
  };
  return requirements.filter(({ marker, hashes }) =>
    markerHolds(marker, environment) &&
    !hashes.values().some((hash) => names.has(hash) && fits(names.get(hash)!, on, minor))
  );
}

/**
 * Judges an environment marker (PEP 508) of the few forms that `uv pip compile` writes.
 *
 * @throws {SyntaxError} If it has a form or a name that this does not know.
 */
export function markerHolds(
  marker: string,
  environment: Readonly<Record<string, string>>,
): boolean {
  const tokens = marker.match(/\(|\)|'[^']*'|[<>=!]+|\w+/g) ?? [];
  const failed = () =>
    new SyntaxError(`Cannot judge marker "${marker}": it has a form not known here`);
  const one = (): boolean => {
    if (tokens[0] === "(") {
      tokens.shift();
      const inner = either();
      if (tokens.shift() !== ")") throw failed();
      return inner;
    }
    const [name = "", operator = "", value = ""] = tokens.splice(0, 3);
    const actual = environment[name];
    if (actual === undefined || !value.startsWith("'")) throw failed();
    const wanted = value.slice(1, -1);
    const order = name === "python_full_version"
      ? byVersion(actual, wanted)
      : Number(actual !== wanted);
    const holds =
      { "==": order === 0, "!=": order !== 0, "<": order < 0, ">=": order >= 0 }[operator];
    if (holds === undefined) throw failed();
    return holds;
  };
  const both = (): boolean => {
    let holds = one();
    while (tokens[0] === "and") {
      tokens.shift();
      holds = one() && holds;
    }
    return holds;
  };
  const either = (): boolean => {
    let holds = both();
    while (tokens[0] === "or") {
      tokens.shift();
      holds = both() || holds;
    }
    return holds;
  };
  if (marker === "") return true;
  const holds = either();
  if (tokens.length > 0) throw failed();
  return holds;
}

function byVersion(a: string, b: string): number {
  const left = a.split(".").map(Number), right = b.split(".").map(Number);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
