import { type Artifact, fileName, isVerified } from "./artifact.ts";
import { fetchFromMaven } from "./maven.ts";
import type { OnProgress } from "./progress.ts";

/** One file to fetch: the coordinate and where it goes. */
export interface Order {
  /** Maven coordinate. */
  readonly coordinate: string;
  /** Where it goes. */
  readonly folder: string;
  /** Name of the file there. */
  readonly name: string;
}

/** Fetches files side by side; tells which arrived and which did not. Rejects only if nothing can be fetched. */
export type FetchFiles = (
  orders: readonly Order[],
  on: {
    readonly arrived: (order: Order) => void;
    readonly failed: (order: Order, why: string) => void;
  },
) => Promise<void>;

/** Where to, and whom to tell. */
export interface FetchOptions {
  /** Where the files go; it is made. */
  readonly folder: string;
  /** What they are, for people. @default "Kafka and the registry" */
  readonly what?: string;
  /** How to fetch. @default from Maven Central */
  readonly fetch?: FetchFiles;
  /** Told a few times a second. @default nothing is said */
  readonly progress?: OnProgress;
  /** Ends the download. @default never */
  readonly signal?: AbortSignal;
}

/** How often a file is asked for before its last failure is told. */
const ROUNDS = 3;

/**
 * Makes every artifact stand in the folder, verified; fetches what is missing or wrong.
 *
 * A file gets its real name only after its SHA-256 was right, so a half or changed file never has it.
 *
 * @throws {Error} If an artifact cannot be had after three rounds, with the reason of the last.
 */
export async function fetchArtifacts(
  artifacts: readonly Artifact[],
  options: FetchOptions,
): Promise<void> {
  const { folder, fetch = fetchFromMaven } = options;
  await Deno.mkdir(folder, { recursive: true });
  let missing = await unverified(artifacts, folder);
  let why = "";
  for (let round = 0; missing.length > 0 && round < ROUNDS; round++) {
    options.signal?.throwIfAborted();
    const stop = watchBytes(artifacts, missing, options);
    const checks: Promise<void>[] = [];
    try {
      await fetch(missing.map(({ coordinate }) => order(coordinate, folder)), {
        arrived: ({ coordinate }) => {
          checks.push(accept(missing.find((one) => one.coordinate === coordinate)!, folder));
        },
        failed: (_, reason) => why = reason,
      });
      await Promise.all(checks);
    } finally {
      stop();
    }
    missing = await unverified(missing, folder);
    if (missing.length > 0 && checks.length > 0 && why === "") {
      why = "what arrived is not the file this project names";
    }
  }
  if (missing.length === 0) return;
  throw new Error(`Cannot download "${missing[0]!.coordinate}": ${inWords(why)}`);
}

function order(coordinate: string, folder: string): Order {
  return { coordinate, folder, name: `${fileName(coordinate)}.part` };
}

async function unverified(artifacts: readonly Artifact[], folder: string): Promise<Artifact[]> {
  const wrong: Artifact[] = [];
  for (const artifact of artifacts) {
    if (!await isVerified(`${folder}/${fileName(artifact.coordinate)}`, artifact)) {
      wrong.push(artifact);
    }
  }
  return wrong;
}

/** Gives an arrived file its name if it is right, throws it away if not. */
async function accept(artifact: Artifact, folder: string): Promise<void> {
  const path = `${folder}/${fileName(artifact.coordinate)}`;
  if (await isVerified(`${path}.part`, artifact)) await Deno.rename(`${path}.part`, path);
  else await Deno.remove(`${path}.part`).catch(() => {});
}

/** Reports the bytes on disk a few times a second: no downloader tells, every file grows. */
function watchBytes(
  all: readonly Artifact[],
  missing: readonly Artifact[],
  options: FetchOptions,
): () => void {
  const total = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const settled = total - missing.reduce((sum, { bytes }) => sum + bytes, 0);
  const report = async () => {
    let bytes = settled;
    for (const { coordinate } of missing) {
      const path = `${options.folder}/${fileName(coordinate)}`;
      const size = (name: string) => Deno.stat(name).then((file) => file.size, () => 0);
      bytes += await size(path) || await size(`${path}.part`);
    }
    const text = `Downloading ${options.what ?? "Kafka and the registry"}, ${
      Math.round(total / 1e6)
    } MB`;
    options.progress?.({ text, fraction: Math.min(1, bytes / total) });
  };
  const timer = setInterval(report, 250);
  return () => clearInterval(timer);
}

/**
 * Says in plain words why a download failed, with the one fix.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { inWords } from "./fetch.ts";
 * assert.match(inWords("getaddrinfo ENOTFOUND"), /^no network answer/);
 * ```
 */
export function inWords(why: string): string {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ENETUNREACH|ETIMEDOUT|ECONNRESET|stalled|dns/i.test(why)) {
    return "no network answer (connect once, then run this again; what has arrived is kept, and later it works offline)";
  }
  if (/ENOSPC|No space|os error 28/i.test(why)) {
    return "the disk is full (free 1 GB and run this again)";
  }
  if (/not the file/.test(why)) {
    return `${why} (try again; if it stays, a proxy changes downloads)`;
  }
  // An address in an error message helps nobody: the coordinate names what is missing.
  return `${why.replace(/https?:\/\/\S+/g, "the artifact") || "no word why"} (run this again)`;
}
