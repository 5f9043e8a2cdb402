import { extract } from "tar";
import {
  type Artifact,
  fetchArtifacts,
  type FetchFiles,
  fileName,
  isVerified,
  type OnProgress,
} from "../../downloads/mod.ts";
import { findPython } from "../../python/mod.ts";
import { openOwnFolder, whileBusy } from "../../platform/mod.ts";
import { freeBytes } from "../faults/disk.ts";
import { fetchJava, type Java, presentJava } from "./java.ts";
import { type ArtifactLock, lock } from "./lock.ts";

/** Everything that has to be on disk before Java can start. */
export interface Prepared {
  /** The Java that runs both. */
  readonly java: Java;
  /** Kafka's jars, absolute paths. */
  readonly kafkaJars: readonly string[];
  /** Folder with the registry's `quarkus-run.jar`. */
  readonly registryFolder: string;
}

/** Whom preparing tells what, and what ends it. */
export interface PrepareCalls {
  /** Told what happens. @default nothing is said */
  readonly progress?: OnProgress;
  /** Ends a download. @default never */
  readonly signal?: AbortSignal;
}

/** Gets what a cluster runs on into a cache folder: {@linkcode prepare}, or something smaller in a test. */
export type Prepare = (cache: string, calls?: PrepareCalls) => Promise<Prepared>;

/** How to prepare; a test gives something smaller for each. */
export interface PrepareOptions extends PrepareCalls {
  /** How to fetch. @default from Maven Central */
  readonly fetch?: FetchFiles;
  /** What to fetch. @default the committed lock file */
  readonly artifacts?: ArtifactLock;
  /** How to find or fetch Java. @default the one of an earlier run, an installed one, or one fetched now */
  readonly java?: (cache: string, progress?: OnProgress) => Promise<Java>;
}

/** Shows that a folder is ours to empty. */
export const CACHE_MARKER = "taxi-streams-cache";

/** What the downloads need, with room to unpack. */
const NEEDED_BYTES = 700e6;

/**
 * Fetches, verifies and unpacks what is missing in the cache; does nothing when all is there.
 *
 * Two processes may do this at once: one works, the other waits and finds it done.
 *
 * @throws {Error} If something cannot be fetched, verified or stored.
 */
export async function prepare(cache: string, options: PrepareOptions = {}): Promise<Prepared> {
  await makeCache(cache);
  using lockFile = await Deno.open(`${cache}/lock`, { create: true, write: true });
  if (!await lockFile.tryLock(true)) {
    options.progress?.({ text: "Waiting for another process that downloads" });
    await lockFile.lock(true);
  }
  const artifacts = options.artifacts ?? lock;
  const missing = await missingDownloads(cache, artifacts);
  if (missing.length > 0 && await freeBytes(cache) < NEEDED_BYTES) {
    throw new Error(
      `Cannot download Kafka to "${cache}": less than ${NEEDED_BYTES / 1e6} MB of disk are free ` +
        `(free some, or set TAXI_CACHE to a folder on another disk)`,
    );
  }
  const present = options.java === undefined ? await presentJava(cache) : undefined;
  // Fails at once where Java cannot be had, not after 200 MB.
  if (options.java === undefined && present === undefined) await findPython();
  const stocked = stock(cache, { ...options, artifacts, missing });
  const found = present ?? (options.java ?? fetchJava)(cache, options.progress);
  // When one fails the other ends first: no download goes on behind an error.
  await Promise.allSettled([stocked, found]);
  await stocked;
  return {
    java: await found,
    kafkaJars: artifacts.kafka.jars.map(({ coordinate }) =>
      `${cache}/jars/${fileName(coordinate)}`
    ),
    registryFolder: registryFolder(cache, artifacts),
  };
}

/** Names what is not there or not right: jars by their hash, the registry by its unpacked files. */
export async function missingDownloads(
  cache: string,
  artifacts: ArtifactLock = lock,
): Promise<string[]> {
  const missing: string[] = [];
  for (const jar of artifacts.kafka.jars) {
    if (!await isVerified(`${cache}/jars/${fileName(jar.coordinate)}`, jar)) {
      missing.push(jar.coordinate);
    }
  }
  const { archive } = artifacts.registry;
  if (!await isUnpacked(registryFolder(cache, artifacts), archive)) {
    missing.push(archive.coordinate);
  }
  return missing;
}

async function stock(
  cache: string,
  options: PrepareOptions & {
    readonly artifacts: ArtifactLock;
    readonly missing: readonly string[];
  },
): Promise<void> {
  const { artifacts, missing, progress, signal } = options;
  const { archive } = artifacts.registry;
  const wanted = [archive, ...artifacts.kafka.jars]
    .filter(({ coordinate }) => missing.includes(coordinate));
  if (wanted.length === 0) return;
  await fetchArtifacts(wanted, {
    folder: `${cache}/jars`,
    ...(options.fetch && { fetch: options.fetch }),
    ...(progress && { progress }),
    ...(signal && { signal }),
  });
  if (!missing.includes(archive.coordinate)) return;
  progress?.({ text: "Unpacking the registry" });
  const packed = `${cache}/jars/${fileName(archive.coordinate)}`;
  await unpack(packed, { folder: registryFolder(cache, artifacts), archive });
  await Deno.remove(packed);
}

function registryFolder(cache: string, { registry }: ArtifactLock): string {
  return `${cache}/registry-${registry.version}`;
}

/** Unpacks under a temporary name, writes the tally, and only then gives the folder its name. */
async function unpack(
  packed: string,
  { folder, archive }: { readonly folder: string; readonly archive: Artifact },
): Promise<void> {
  const half = `${folder}.part`;
  for (const old of [half, folder]) await Deno.remove(old, { recursive: true }).catch(() => {});
  await Deno.mkdir(half, { recursive: true });
  await extract({ file: packed, cwd: half });
  await Deno.writeTextFile(`${half}/${TALLY}`, await tally(half, archive));
  await whileBusy(() => Deno.rename(half, folder));
}

const TALLY = "taxi-ready";

/** True when the registry stands unpacked with as many files and bytes as when it was verified. */
async function isUnpacked(folder: string, archive: Artifact): Promise<boolean> {
  const wanted = await Deno.readTextFile(`${folder}/${TALLY}`).catch(() => undefined);
  return wanted !== undefined && wanted === await tally(folder, archive);
}

async function tally(folder: string, archive: Artifact): Promise<string> {
  let files = 0, bytes = 0;
  const walk = async (path: string) => {
    for await (const entry of Deno.readDir(path)) {
      if (entry.isDirectory) await walk(`${path}/${entry.name}`);
      else if (entry.name !== TALLY) {
        files++;
        bytes += (await Deno.stat(`${path}/${entry.name}`)).size;
      }
    }
  };
  await walk(folder);
  return `${archive.sha256} ${files} files ${bytes} bytes`;
}

async function makeCache(cache: string): Promise<void> {
  // What lies here is run: nobody else may have put it here.
  await openOwnFolder(cache, { purpose: "keep downloads", variable: "TAXI_CACHE" });
  await Deno.writeTextFile(`${cache}/${CACHE_MARKER}`, "Taxi Streams keeps its downloads here.\n");
}
