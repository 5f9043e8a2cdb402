import type { ClusterConfig } from "./cluster_config.ts";
import { type ClusterState, readJson, statePaths } from "./state.ts";

/** The state that a living supervisor wrote; undefined when there is no supervisor, or it has not written yet. */
export async function supervisorState(config: ClusterConfig): Promise<ClusterState | undefined> {
  if (!await supervisorLives(config)) return undefined;
  return await readJson<ClusterState>(statePaths(config.folders.state).state);
}

/**
 * Tells whether a supervisor lives: it holds a lock until its last moment, and the system lets go of that lock however
 * it ends. This works also where no list of processes may be read.
 */
export async function supervisorLives(config: ClusterConfig): Promise<boolean> {
  try {
    using lock = await Deno.open(statePaths(config.folders.state).lock, { read: true });
    // Shared: several may look at once. A supervisor that starts meanwhile tries for longer than this takes.
    return !await lock.tryLock(false);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
