import type { OnProgress } from "../downloads/mod.ts";
import { type ClusterConfig, clusterConfig } from "./cluster_config.ts";
import { kill } from "./process.ts";
import { trustStateFolder } from "./state_folder.ts";
import { orphansGone, stopSupervisor } from "./supervisor_client.ts";
import { supervisorLives, supervisorState } from "./supervisor_state.ts";

/**
 * Stops the local cluster; data and schemas stay.
 *
 * Also waits for what a killed supervisor left behind.
 *
 * @returns False when nothing was running.
 */
export async function down(
  options: { readonly config?: ClusterConfig; readonly progress?: OnProgress } = {},
): Promise<boolean> {
  const config = options.config ?? clusterConfig();
  await trustStateFolder(config.folders.state, "stop the cluster");
  const runs = await supervisorLives(config);
  if (runs) {
    options.progress?.({ text: "Stopping the registry and Kafka" });
    await stopSupervisor(config, {
      isGone: async () => !await supervisorLives(config),
      kill: async () => await kill((await supervisorState(config))?.supervisor),
    });
  }
  return await orphansGone(config) || runs;
}
