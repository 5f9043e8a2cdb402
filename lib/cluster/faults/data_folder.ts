import { lock } from "../artifacts/lock.ts";

/** What a broker's data folder must belong to. */
export interface Belonging {
  readonly n: number;
  readonly clusterId: string;
}

const FIX = 'run "deno task reset" to start without data';

/**
 * Looks at a broker's data folder before Java does, as Kafka starts on some damaged ones and loses topics.
 *
 * @returns `empty` when it must be formatted first, `ready` when it can be used.
 * @throws {Error} If it is damaged, of another cluster, or holds what is not Kafka's.
 */
export async function inspectDataFolder(
  folder: string,
  belonging: Belonging,
): Promise<"empty" | "ready"> {
  const refuse = (what: string, fix = FIX) => {
    throw new Error(`Cannot use the data folder "${folder}": ${what} (${fix})`);
  };
  const { folders, files } = await list(folder);
  if (folders.length === 0 && files.length === 0) return "empty";
  const foreign = folders.find((name) => !isPartition(name));
  if (foreign !== undefined) refuse(`"${foreign}" in it is not Kafka's`, "move it away");
  if (!files.includes("meta.properties")) {
    const kafkas = folders.length > 0 || files.some((name) => /checkpoint|\.lock/.test(name));
    if (kafkas) refuse("it is damaged: meta.properties is missing");
    return "empty";
  }
  const meta = readProperties(await Deno.readTextFile(`${folder}/meta.properties`));
  const node = meta.get("node.id"), cluster = meta.get("cluster.id");
  if (node === undefined || cluster === undefined) {
    refuse("it is damaged: meta.properties is unreadable");
  }
  if (Number(node) !== belonging.n || cluster !== belonging.clusterId) {
    refuse(`it belongs to another cluster (broker ${node} of "${cluster}")`);
  }
  const topics = folders.filter((name) => name !== METADATA && !isLeftover(name));
  if (topics.length > 0 && !await hasMetadata(folder)) {
    refuse("it is damaged: the cluster's own log is missing, so its topics would be forgotten");
  }
  const stray = await strayTopics(folder);
  if (stray.length > 0) refuse(strayWords(stray));
  return "ready";
}

/** The log that says which topics there are. */
export const METADATA = "__cluster_metadata-0";

function isPartition(name: string): boolean {
  return /^[A-Za-z0-9._-]+-\d+$/.test(name) || isLeftover(name);
}

/** Kafka renames a partition that it removes, moves, or does not know any more. */
function isLeftover(name: string): boolean {
  return /\.[0-9a-f]{32}-(delete|future|stray)$/.test(name) || name.endsWith("-stray");
}

/**
 * Partitions that Kafka put aside as it found them on disk but not in its own log: a sign that the
 * metadata log is damaged.
 *
 * An empty one with a successor is harmless: it was being made when the broker was killed or the disk
 * was full.
 */
export async function strayTopics(folder: string): Promise<string[]> {
  const { folders } = await list(folder);
  const lost: string[] = [];
  for (const name of folders.filter((name) => name.endsWith("-stray"))) {
    const partition = name.replace(/\.?[0-9a-f]*-stray$/, "");
    if (!folders.includes(partition) || await hasRecords(`${folder}/${name}`)) lost.push(partition);
  }
  return lost.sort();
}

async function hasRecords(partition: string): Promise<boolean> {
  const logs = (await list(partition)).files.filter((name) => name.endsWith(".log"));
  const sizes = await Promise.all(
    logs.map(async (name) => (await Deno.stat(`${partition}/${name}`)).size),
  );
  return sizes.some((bytes) => bytes > 0);
}

/** One sentence for {@linkcode strayTopics}. */
export function strayWords(stray: readonly string[]): string {
  return `it is damaged: Kafka no longer knows ${stray.slice(0, 3).join(", ")}` +
    (stray.length > 3 ? ` and ${stray.length - 3} more` : "");
}

/** A formatted folder has an empty first checkpoint: topics need a log, or a later checkpoint beside it. */
async function hasMetadata(folder: string): Promise<boolean> {
  const { files } = await list(`${folder}/${METADATA}`);
  const later = files.some((name) => name.endsWith(".checkpoint") && !/^0+-0+\./.test(name));
  const hasLog = files.some((name) => name.endsWith(".log"));
  return await hasRecords(`${folder}/${METADATA}`) || (hasLog && later);
}

/** Names in a folder, none when it is missing. */
export async function list(folder: string): Promise<{ folders: string[]; files: string[] }> {
  const folders: string[] = [], files: string[] = [];
  try {
    for await (const entry of Deno.readDir(folder)) {
      (entry.isDirectory ? folders : files).push(entry.name);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return { folders: folders.sort(), files: files.sort() };
}

function readProperties(text: string): Map<string, string> {
  const pairs = text.split(/\r?\n/).map((line) => line.match(/^([\w.]+)=(.*)$/));
  return new Map(pairs.filter((pair) => pair !== null).map(([, name, value]) => [name!, value!]));
}

/**
 * Refuses data that a newer Kafka wrote; a newer Kafka reads an older one's.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { refuseNewer } from "./data_folder.ts";
 * refuseNewer("/data", "4.1.0");
 * assert.throws(() => refuseNewer("/data", "99.0.0"), { message: /Kafka 99.0.0/ });
 * ```
 * @throws {Error} If the data is newer than what this checkout runs.
 */
export function refuseNewer(folder: string, wroteVersion: string): void {
  const parts = (version: string) => version.split(".").map(Number);
  const [wrote, runs] = [parts(wroteVersion), parts(lock.kafka.version)];
  const at = wrote.findIndex((part, i) => part !== runs[i]);
  if (at < 0 || wrote[at]! < (runs[at] ?? 0)) return;
  throw new Error(
    `Cannot use the data folder "${folder}": Kafka ${wroteVersion} wrote it and this is Kafka ` +
      `${lock.kafka.version} (${FIX}, or use the checkout that made it)`,
  );
}
