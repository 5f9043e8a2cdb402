import { isRunning } from "./process.ts";
import { type ClusterState, readJson, statePaths } from "./state.ts";
import type { ClusterConfig } from "./cluster_config.ts";

/** The state that a living supervisor wrote; undefined when there is no supervisor. */
export async function supervisorState(config: ClusterConfig): Promise<ClusterState | undefined> {
  const state = await readJson<ClusterState>(statePaths(config.folders.state).state);
  return state !== undefined && await isRunning(state.supervisor) ? state : undefined;
}
