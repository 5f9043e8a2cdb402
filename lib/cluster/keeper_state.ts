import { isRunning } from "./process.ts";
import { type ClusterState, readJson, statePaths } from "./state.ts";
import type { World } from "./world.ts";

/** The state that a living keeper wrote; undefined when there is no keeper. */
export async function keeperState(world: World): Promise<ClusterState | undefined> {
  const state = await readJson<ClusterState>(statePaths(world.folders.state).state);
  return state !== undefined && await isRunning(state.keeper) ? state : undefined;
}
