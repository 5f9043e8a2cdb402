import { folderProblem, whileBusy } from "../platform/mod.ts";
import { CACHE_MARKER } from "./artifacts/prepare.ts";
import { down } from "./down.ts";
import { supervisorLives } from "./supervisor_state.ts";
import { upLock } from "./up_lock.ts";
import type { OnProgress } from "../downloads/mod.ts";
import { statePaths } from "./state.ts";
import { isOurs, stateFolderProblem } from "./state_folder.ts";
import { type ClusterConfig, clusterConfig } from "./cluster_config.ts";

/** One thing that a reset would remove. */
export interface Removal {
  /** Absolute path of a file or folder. */
  readonly path: string;
  /** What is lost with it, for people. */
  readonly what: string;
  /** What removing it frees. */
  readonly bytes: number;
}

/** What to remove. */
export interface ResetOptions {
  /** Which cluster. @default the one the environment names */
  readonly config?: ClusterConfig;
  /** Also the downloads, which other checkouts of this user share. @default false */
  readonly all?: boolean;
  /** Told what happens. @default nothing is said */
  readonly progress?: OnProgress;
}

/**
 * Lists what {@linkcode reset} would remove; removes nothing.
 *
 * @throws {Error} If a folder does not carry our marker, so that what is in it is not ours to remove.
 */
export async function plannedRemovals(options: ResetOptions = {}): Promise<Removal[]> {
  const { folders } = options.config ?? clusterConfig();
  const paths = statePaths(folders.state);
  const wanted: [path: string, what: string][] = [];
  if (await hasFiles(folders.state)) {
    await refuseForeign(folders.state);
    wanted.push(
      [paths.brokers(1), "topics, records and offsets of the cluster with 1 broker"],
      [paths.brokers(3), "topics, records and offsets of the cluster with 3 brokers"],
      [paths.registry, "schemas"],
      [paths.streams, "local state of stream workers"],
      [paths.logs, "logs"],
      [paths.throwaway, "what lessons' own clusters left"],
    );
    if (options.all) wanted.push([paths.guesses, "predictions and answers to quizzes"]);
  }
  if (options.all && await hasFiles(folders.cache)) {
    const problem = await folderProblem(folders.cache, { variable: "TAXI_CACHE" });
    if (problem !== undefined) throw new Error(`Cannot reset "${folders.cache}": ${problem}`);
    if (!await exists(`${folders.cache}/${CACHE_MARKER}`)) throw foreign(folders.cache);
    wanted.push([folders.cache, "downloads: Kafka, the registry, Java"]);
  }
  if (options.all && await exists(`${folders.venv}/taxi-ready`)) {
    wanted.push([folders.venv, "JupyterLab and its Python environment"]);
  }
  const found: Removal[] = [];
  for (const [path, what] of wanted) {
    if (await exists(path)) found.push({ path, what, bytes: await sizeOf(path) });
  }
  return found;
}

/**
 * Stops the cluster and removes its data, schemas and logs; with `all` also what was downloaded.
 *
 * @returns What was removed.
 * @throws {Error} If a folder does not carry our marker.
 */
export async function reset(options: ResetOptions = {}): Promise<Removal[]> {
  const config = options.config ?? clusterConfig();
  const removals = await plannedRemovals({ ...options, config });
  if (!await hasFiles(config.folders.state)) return await removeAll(removals);
  const paths = statePaths(config.folders.state);
  {
    // Closed before it is removed: Windows keeps the name of a file that is open.
    using _ = await upLock(config, options.progress);
    if (await supervisorLives(config)) options.progress?.({ text: "Stopping the cluster first" });
    await down({ config });
    await removeAll(removals);
  }
  const own = [paths.state, paths.command, paths.lock, paths.upLock];
  // What stays is still ours.
  if (!await exists(paths.guesses)) own.push(paths.marker);
  for (const path of own) await Deno.remove(path).catch(() => {});
  // Gone when nothing else is in it.
  await Deno.remove(config.folders.state).catch(() => {});
  return removals;
}

async function removeAll(removals: Removal[]): Promise<Removal[]> {
  for (const { path } of removals) {
    await whileBusy(() => Deno.remove(path, { recursive: true }));
  }
  return removals;
}

async function refuseForeign(folder: string): Promise<void> {
  const problem = await stateFolderProblem(folder);
  if (problem !== undefined) throw new Error(`Cannot reset "${folder}": ${problem}`);
  if (!await isOurs(folder)) throw foreign(folder);
}

function foreign(folder: string): Error {
  return new Error(
    `Cannot reset "${folder}": it does not carry our marker, so its files may be yours ` +
      `(remove it by hand if you are sure)`,
  );
}

async function hasFiles(folder: string): Promise<boolean> {
  try {
    for await (const _ of Deno.readDir(folder)) return true;
    return false;
  } catch {
    return false;
  }
}

function exists(path: string): Promise<boolean> {
  return Deno.lstat(path).then(() => true, () => false);
}

async function sizeOf(path: string): Promise<number> {
  const found = await Deno.lstat(path);
  if (!found.isDirectory) return found.isFile ? (found.blocks ?? 0) * 512 || found.size : 0;
  let bytes = 0;
  for await (const { name } of Deno.readDir(path)) bytes += await sizeOf(`${path}/${name}`);
  return bytes;
}
