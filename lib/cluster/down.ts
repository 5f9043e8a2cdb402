import { end, gone, isRunning, signal } from "./process.ts";
import type { OnProgress } from "../downloads/mod.ts";
import { type ClusterState, type Command, readJson, statePaths, writeJson } from "./state.ts";
import { supervisorState } from "./supervisor_state.ts";
import { type ClusterConfig, clusterConfig } from "./cluster_config.ts";

/** The brokers write their last data and a supervisor waits for each of them. */
const STOP_WITHIN_MS = 60_000;

/**
 * Stops the local cluster; data and schemas stay.
 *
 * Also ends what a killed supervisor left behind.
 *
 * @returns False when nothing was running.
 */
export async function down(
  options: { readonly config?: ClusterConfig; readonly progress?: OnProgress } = {},
): Promise<boolean> {
  const config = options.config ?? clusterConfig();
  const paths = statePaths(config.folders.state);
  const state = await supervisorState(config);
  if (state === undefined) return await endOrphans(paths.state);
  options.progress?.({ text: "Stopping the registry and Kafka" });
  // A signal needs no disk; Windows has none that a process could listen to.
  if (Deno.build.os !== "windows") await signal(state.supervisor, "SIGTERM");
  else writeJson(paths.command, { command: "stop" } satisfies Command);
  if (!await gone(state.supervisor, STOP_WITHIN_MS)) await end(state.supervisor, 0);
  await Deno.remove(paths.command).catch(() => {});
  await endOrphans(paths.state);
  return true;
}

/** Ends the Java processes of a supervisor that is gone; tells whether there were any. */
export async function endOrphans(statePath: string): Promise<boolean> {
  const processes = (await readJson<ClusterState>(statePath))?.processes ?? [];
  const alive = await Promise.all(processes.map(({ process }) => isRunning(process)));
  await Promise.all(processes.map(({ process }) => end(process, 10_000)));
  return alive.includes(true);
}
