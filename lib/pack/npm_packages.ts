import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { here, type Platform } from "../platform/mod.ts";
import { readTar } from "./read_tar.ts";

/** A package that Deno's lock file names. */
export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** As the lock file has it: `sha512-…`. */
  readonly integrity: string;
  /** Address of the registry that this Deno is told to use. */
  readonly registryUrl: string;
  /** Where this Deno looks for it. */
  readonly folder: string;
}

/** What `deno info --json` says of one. */
interface Info {
  readonly name: string;
  readonly version: string;
  readonly registryUrl: string;
  readonly localPath: string;
}

/**
 * The packages that a start of Deno in this checkout wants: all of the lock file. Deno itself says where it looks for
 * them, and needs no network for that.
 *
 * @param root The checkout.
 */
export async function npmPackages(root: string, platform: Platform = here): Promise<NpmPackage[]> {
  const ended = await platform.run(
    Deno.execPath(),
    ["info", "--json", "--quiet", `${root}/tasks/up.ts`],
    { cwd: root },
  );
  if (!ended?.success) throw new Error(`Cannot list npm packages: ${ended?.errors.trim()}`);
  const { npmPackages } = JSON.parse(ended.output) as { npmPackages: Record<string, Info> };
  const lock = JSON.parse(await Deno.readTextFile(`${root}/deno.lock`)) as {
    npm: Record<string, { integrity: string }>;
  };
  const found = new Map<string, NpmPackage>();
  for (const [id, { name, version, registryUrl, localPath }] of Object.entries(npmPackages)) {
    const integrity = lock.npm[id]!.integrity;
    // One package may stand there twice, for different peers.
    found.set(`${name}@${version}`, { name, version, integrity, registryUrl, folder: localPath });
  }
  return [...found.values()];
}

/** Name of a package's archive in a pack. */
export function archiveName({ name, version }: Pick<NpmPackage, "name" | "version">): string {
  return `${name.replace("/", "+")}-${version}.tgz`;
}

/** Tells whether an archive is, byte for byte, what the lock file names. */
export async function isLocked(archive: string, { integrity }: NpmPackage): Promise<boolean> {
  const hash = createHash("sha512");
  for await (const chunk of createReadStream(archive)) hash.update(chunk);
  return integrity === `sha512-${hash.digest("base64")}`;
}

/** Unpacks an archive where Deno looks for the package; does nothing where one is. */
export async function placePackage(archive: string, { folder }: NpmPackage): Promise<void> {
  if (await Deno.stat(`${folder}/package.json`).then(() => true, () => false)) return;
  const half = `${folder}.${Deno.pid}.part`;
  const file = await Deno.open(archive);
  const unzipped = file.readable.pipeThrough(new DecompressionStream("gzip"));
  for await (const { path, content } of readTar(unzipped)) {
    // The first name is the archive's own: `package`.
    const inside = path.split("/").slice(1);
    if (inside.length === 0 || inside.some((name) => !isPlain(name))) continue;
    const place = `${half}/${inside.join("/")}`;
    await Deno.mkdir(place.replace(/\/[^/]*$/, ""), { recursive: true });
    using made = await Deno.open(place, { create: true, write: true, truncate: true });
    for await (const bytes of content()) await writeAll(made, bytes);
  }
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.rename(half, folder);
}

function isPlain(name: string): boolean {
  return name !== "" && name !== "." && name !== ".." && !/[\\:\0]/.test(name);
}

/** Writes all of it: one call may write less. */
export async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await file.write(bytes.subarray(at));
}

/**
 * Leaves what the registry would say of the packages, as far as the lock file knows it, where it has said nothing yet:
 * without it each start asks, and waits for an answer that does not come.
 */
export async function describePackages(packages: readonly NpmPackage[]): Promise<void> {
  for (const [name, ones] of Map.groupBy(packages, ({ name }) => name)) {
    const versions = ones.map(({ version, integrity, registryUrl }) => {
      const file = `${name.split("/").at(-1)}-${version}.tgz`;
      const dist = { tarball: `${registryUrl}${name}/-/${file}`, integrity };
      return [version, { version, dist }] as const;
    });
    const path = `${ones[0]!.folder.replace(/[/\\][^/\\]+$/, "")}/registry.json`;
    const text = JSON.stringify({
      name,
      "dist-tags": {},
      versions: Object.fromEntries(versions),
      "_deno.packumentFormat": "full", // without it Deno 2.9.6 asks all the same
    });
    await Deno.writeTextFile(path, text, { createNew: true }).catch((error) => {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    });
  }
}
