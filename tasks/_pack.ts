/**
 * Makes a pack: everything that a start downloads, in one file.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { fileURLToPath } from "node:url";
import { create } from "tar";
import { artifactLock } from "../lib/cluster/mod.ts";
import { fetchArtifacts, fileName } from "../lib/downloads/mod.ts";
import {
  archiveName,
  courseOf,
  isLocked,
  MANIFEST,
  manifestText,
  type NpmPackage,
  npmPackages,
  type PackedFile,
  type PackPlatform,
} from "../lib/pack/mod.ts";
import { openOwnFolder } from "../lib/platform/mod.ts";
import { findPython, pipArgs, pipWheel, type Python, runProgram } from "../lib/python/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import type { Said } from "./_progress.ts";
import { fullVersion, lackingWheels, PYTHONS, requirementsOf, SUPPORTED } from "./_wheels.ts";
import { REQUIREMENTS } from "./wheels.ts";

type Say = (said: Said) => void;

/** How `_wheels.ts` and pip name the system of a pack; pip takes older systems' wheels only where they are named. */
const SYSTEMS: Readonly<Record<PackPlatform, readonly [name: string, pip: readonly string[]]>> = {
  "linux-x64": ["Linux x64", glibc("x86_64")],
  "linux-arm64": ["Linux arm64", glibc("aarch64")],
  "macos-arm64": ["macOS arm64", ["macosx_13_0_arm64"]],
  "macos-x64": ["macOS x64", ["macosx_13_0_x86_64"]],
  "windows-x64": ["Windows x64", ["win_amd64"]],
};

function glibc(machine: string): string[] {
  const versions = Array.from({ length: 28 - 5 + 1 }, (_, n) => `manylinux_2_${28 - n}`);
  const older = ["manylinux2014", "manylinux2010", "manylinux1"];
  return [...versions, ...older].map((name) => `${name}_${machine}`);
}

/**
 * Fetches everything that a start on a system downloads, and writes it to one file.
 *
 * @returns Size of the file.
 * @throws {Error} If something cannot be fetched, or is not what the lock files name.
 */
export async function makePack(
  file: string,
  { platform, say }: { readonly platform: PackPlatform; readonly say: Say },
): Promise<number> {
  const { root, cache } = folders();
  await openOwnFolder(cache, { purpose: "keep downloads", variable: "TAXI_CACHE" });
  const folder = `${cache}/pack-${platform}.${Deno.pid}`, part = `${file}.part`;
  const python = await findPython(); // fails before anything is fetched
  try {
    await fetchJars(`${folder}/jars`, { cache, say });
    await fetchWheels(folder, { cache, platform, python, say });
    await fetchPackages(`${folder}/npm`, { packages: await npmPackages(root), say });
    const files = await listed(folder);
    const course = await courseOf(root);
    await Deno.writeTextFile(`${folder}/${MANIFEST}`, manifestText({ platform, course, files }));
    say({ text: "Writing the pack" });
    const paths = [MANIFEST, ...files.map(({ path }) => path)];
    await create({ file: part, cwd: folder, portable: true, noMtime: true }, paths);
    await Deno.rename(part, file);
    return (await Deno.stat(file)).size;
  } finally {
    await Deno.remove(part).catch(() => {});
    await Deno.remove(folder, { recursive: true }).catch(() => {});
  }
}

/** Kafka's jars, from this machine where they are, and the registry as it is published. */
async function fetchJars(
  folder: string,
  { cache, say }: { readonly cache: string; readonly say: Say },
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const { kafka, registry } = artifactLock, artifacts = [...kafka.jars, registry.archive];
  for (const name of artifacts.map(({ coordinate }) => fileName(coordinate))) {
    await Deno.copyFile(`${cache}/jars/${name}`, `${folder}/${name}`).catch(() => {});
  }
  await fetchArtifacts(artifacts, { folder, progress: say });
}

/** A wheel of each requirement for each Python, and the pip for a Python that has none. */
async function fetchWheels(
  folder: string,
  { cache, platform, python, say }: {
    readonly cache: string;
    readonly platform: PackPlatform;
    readonly python: Python;
    readonly say: Say;
  },
): Promise<void> {
  const wheels = `${folder}/wheels`;
  await Deno.mkdir(wheels, { recursive: true });
  await Deno.mkdir(`${folder}/pip`);
  const options = { cache, run: runProgram };
  const wheel = await pipWheel(python, options);
  await Deno.copyFile(wheel, `${folder}/pip/${wheel.split("/").at(-1)}`);
  const pip = [...await pipArgs(python, options), "download", "--quiet", "--no-deps"];
  const [name, tags] = SYSTEMS[platform], on = SUPPORTED.find((one) => one.name === name)!;
  const requirements = (await Promise.all(REQUIREMENTS.map(readRequirements))).flat();
  for (const minor of PYTHONS) {
    const lacking = lackingWheels(requirements, await wheelsIn(wheels), on, minor);
    if (lacking.length === 0) continue;
    say({ text: `Fetching ${lacking.length} Python packages for Python 3.${minor}` });
    const list = `${folder}/requirements.txt`;
    // pip judges markers by the Python that runs it, so they are left out here, where they were judged already.
    const lines = lacking.map(({ name, version, hashes }) =>
      [`${name}==${version}`, ...[...hashes].map((hash) => `--hash=sha256:${hash}`)].join(" ")
    );
    await Deno.writeTextFile(list, lines.join("\n"));
    const ended = await runProgram(python.command, [
      ...[...pip, "--only-binary=:all:", "--require-hashes", "--implementation", "cp"],
      ...["--python-version", fullVersion(minor), ...tags.flatMap((tag) => ["--platform", tag])],
      ...["--dest", wheels, "--requirement", list],
    ]);
    await Deno.remove(list);
    const still = lackingWheels(requirements, await wheelsIn(wheels), on, minor);
    if (still.length === 0) continue;
    const why = ended?.errors.trim().split("\n").findLast((line) => /^ERROR/.test(line));
    throw new Error(
      `Cannot fetch Python package "${still[0]!.name}" for ${name}: ${why ?? "pip brought none"} ` +
        `(run this again)`,
    );
  }
}

async function readRequirements(path: string) {
  const file = fileURLToPath(new URL(`../${path}`, import.meta.url));
  return requirementsOf(await Deno.readTextFile(file));
}

/** The wheels of a folder, by their hash. */
async function wheelsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { name } of Deno.readDir(folder)) {
    found.set(await sha256Of(`${folder}/${name}`), name);
  }
  return found;
}

/** Packages as they are published: what Deno's lock file has a hash of. */
async function fetchPackages(
  folder: string,
  { packages, say }: { readonly packages: readonly NpmPackage[]; readonly say: Say },
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const waiting = [...packages];
  let done = 0;
  const lane = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      await fetchPackage(`${folder}/${archiveName(one)}`, one);
      say({ text: "Fetching npm packages", fraction: ++done / packages.length });
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
}

async function fetchPackage(path: string, one: NpmPackage): Promise<void> {
  const { name, version, registryUrl } = one;
  const cannot = (why: string) =>
    new Error(`Cannot fetch npm package "${name}@${version}": ${why} (run this again)`);
  const address = `${registryUrl}${name}/-/${name.split("/").at(-1)}-${version}.tgz`;
  const response = await fetch(address).catch(() => null);
  if (!response?.ok || response.body === null) {
    await response?.body?.cancel();
    throw cannot(response ? `its registry answers ${response.status}` : "no network answer");
  }
  await Deno.writeFile(path, response.body);
  if (!await isLocked(path, one)) throw cannot("what arrived is not what deno.lock names");
}

/** Every file below a folder, sorted. */
async function listed(folder: string): Promise<PackedFile[]> {
  const files: PackedFile[] = [];
  for await (const { name: room } of Deno.readDir(folder)) {
    for await (const { name } of Deno.readDir(`${folder}/${room}`)) {
      const path = `${room}/${name}`, { size: bytes } = await Deno.stat(`${folder}/${path}`);
      files.push({ path, bytes, sha256: await sha256Of(`${folder}/${path}`) });
    }
  }
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest("hex");
}
