import { createHash } from "node:crypto";
import { openOwnFolder, whileBusy } from "../platform/mod.ts";
import { MANIFEST, type Manifest, manifestOf, type PackPlatform } from "./manifest.ts";
import {
  archiveName,
  describePackages,
  isLocked,
  type NpmPackage,
  placePackage,
  writeAll,
} from "./npm_packages.ts";
import { readTar, TarEndsEarly, type TarFile } from "./read_tar.ts";

/** Where what is in a pack goes, and what must be in it. */
export interface PackPlaces {
  /** Downloads of this user. */
  readonly cache: string;
  /** What Deno's lock file names, and where Deno looks for it. */
  readonly packages: readonly NpmPackage[];
  /** The system that it must be for; null where no pack is for this one. */
  readonly platform: PackPlatform | null;
  /** The state of the course that it must be for. */
  readonly course: string;
}

/** Longest manifest that is read. */
const MANIFEST_BYTES = 4e6;

const AGAIN = "get the pack once more";

/**
 * Puts what is in a pack where a start looks for it, once all of it has arrived and is right.
 *
 * @param name What the pack is called, for people.
 * @throws {Error} If it is no pack, for another system or another state of the course, or anything in it is missing,
 * changed, or not what this checkout's lock files name.
 */
export async function unpack(
  name: string,
  archive: AsyncIterable<Uint8Array>,
  places: PackPlaces,
): Promise<void> {
  const refuse = (why: string, fix: string) =>
    new Error(`Cannot start from "${name}": ${why} (${fix})`);
  const { cache, packages } = places;
  await openOwnFolder(cache, { purpose: "keep downloads", variable: "TAXI_CACHE" });
  const half = `${cache}/pack.part`;
  await Deno.remove(half, { recursive: true }).catch(() => {});
  for (const folder of ["jars", "wheels", "pip", "npm"]) {
    await Deno.mkdir(`${half}/${folder}`, { recursive: true });
  }
  try {
    const { files } = await arrive(archive, { half, places, refuse });
    for (const one of packages) {
      const path = `npm/${archiveName(one)}`;
      if (!files.some((file) => file.path === path)) throw refuse(`it lacks "${path}"`, AGAIN);
      if (await isLocked(`${half}/${path}`, one)) continue;
      throw refuse(`"${path}" is not what deno.lock names`, "make it in a checkout of your own");
    }
    for (const one of packages) await placePackage(`${half}/npm/${archiveName(one)}`, one);
    await describePackages(packages);
    for (const { path } of files) {
      if (path.startsWith("npm/")) continue;
      await Deno.mkdir(`${cache}/${path.split("/")[0]}`, { recursive: true });
      await whileBusy(() => Deno.rename(`${half}/${path}`, `${cache}/${path}`));
    }
  } finally {
    await Deno.remove(half, { recursive: true }).catch(() => {});
  }
}

type Refuse = (why: string, fix: string) => Error;

/** Writes what arrives below `half`, and compares it with the pack's own list. */
async function arrive(
  archive: AsyncIterable<Uint8Array>,
  { half, places, refuse }: {
    readonly half: string;
    readonly places: PackPlaces;
    readonly refuse: Refuse;
  },
): Promise<Manifest> {
  let manifest: Manifest | null = null, at = 0;
  const changed = (path: string) => refuse(`"${path}" was changed on its way`, AGAIN);
  try {
    for await (const file of readTar(archive)) {
      if (manifest === null) {
        manifest = await readManifest(file, { places, refuse });
        continue;
      }
      const wanted = manifest.files[at++];
      if (wanted?.path !== file.path) throw refuse(`"${file.path}" is not in its list`, AGAIN);
      // Before it is written: a size may be any number.
      if (file.bytes !== wanted.bytes) throw changed(file.path);
      const hash = createHash("sha256");
      using made = await Deno.open(`${half}/${file.path}`, { createNew: true, write: true });
      for await (const bytes of file.content()) {
        hash.update(bytes);
        await writeAll(made, bytes);
      }
      if (hash.digest("hex") !== wanted.sha256) throw changed(file.path);
    }
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw refuse(
        manifest === null
          ? "it is not a pack"
          : `after "${manifest.files[at - 1]?.path}" ${error.message}`,
        manifest === null ? 'make one with "deno task pack FILE"' : AGAIN,
      );
    }
    if (!(error instanceof TarEndsEarly)) throw error;
    if (manifest === null) throw refuse("it ends before it has begun", AGAIN);
    throw refuse(`it ends in the middle of "${manifest.files[at - 1]?.path}"`, AGAIN);
  }
  const next = manifest?.files[at];
  if (manifest !== null && next === undefined) return manifest;
  throw refuse(next ? `it ends before "${next.path}"` : "it is empty", AGAIN);
}

async function readManifest(
  file: TarFile,
  { places, refuse }: { readonly places: PackPlaces; readonly refuse: Refuse },
): Promise<Manifest> {
  if (file.path !== MANIFEST || file.bytes > MANIFEST_BYTES) throw new SyntaxError();
  const text = await new Response(ReadableStream.from(file.content())).text();
  const manifest = manifestOf(text);
  if (manifest === null) throw new SyntaxError();
  const { platform, course } = places;
  if (manifest.platform !== platform) {
    throw refuse(
      `it is for ${manifest.platform}, and this is ${platform ?? "a system without packs"}`,
      platform === null
        ? "see the README for what runs here"
        : `make one with "deno task pack FILE --platform ${platform}"`,
    );
  }
  if (manifest.course !== course) {
    throw refuse("it was made for another version of this course", "make one in this checkout");
  }
  return manifest;
}
