import { end, gone, isRunning, signal } from "./process.ts";
import type { OnProgress } from "../downloads/mod.ts";
import { type ClusterState, readJson, statePaths, type Wish, writeJson } from "./state.ts";
import { keeperState } from "./keeper_state.ts";
import { type World, worldFrom } from "./world.ts";

/** The brokers write their last data and a keeper waits for each of them. */
const STOP_WITHIN_MS = 60_000;

/**
 * Stops the local cluster; data and schemas stay.
 *
 * Also ends what a killed keeper left behind.
 *
 * @returns False when nothing was running.
 */
export async function down(
  options: { readonly world?: World; readonly progress?: OnProgress } = {},
): Promise<boolean> {
  const world = options.world ?? worldFrom();
  const paths = statePaths(world.folders.state);
  const state = await keeperState(world);
  if (state === undefined) return await endOrphans(paths.state);
  options.progress?.({ text: "Stopping the registry and Kafka" });
  // A signal needs no disk; Windows has none that a process could listen to.
  if (Deno.build.os !== "windows") await signal(state.keeper, "SIGTERM");
  else writeJson(paths.wish, { wish: "stop" } satisfies Wish);
  if (!await gone(state.keeper, STOP_WITHIN_MS)) await end(state.keeper, 0);
  await Deno.remove(paths.wish).catch(() => {});
  await endOrphans(paths.state);
  return true;
}

/** Ends the Java processes of a keeper that is gone; tells whether there were any. */
export async function endOrphans(statePath: string): Promise<boolean> {
  const nodes = (await readJson<ClusterState>(statePath))?.nodes ?? [];
  const alive = await Promise.all(nodes.map(({ process }) => isRunning(process)));
  await Promise.all(nodes.map(({ process }) => end(process, 10_000)));
  return alive.includes(true);
}
