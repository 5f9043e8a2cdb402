import { supervisorState } from "./supervisor_state.ts";
import { gone, signal } from "./process.ts";
import { type ClusterState, type ManagedProcessInfo, readJson, statePaths } from "./state.ts";
import { restart } from "./supervisor_client.ts";
import { type ClusterConfig, clusterConfig } from "./cluster_config.ts";

/**
 * Kills one broker as a power cut would: no goodbye, nothing flushed. For lessons and tests.
 *
 * Resolves when the process is gone and the supervisor has noticed. {@linkcode startBroker} brings it back.
 *
 * @param n Number of the broker, from 1.
 * @throws {Error} If that broker is not running.
 */
export function killBroker(
  n: number,
  options: { readonly config?: ClusterConfig } = {},
): Promise<void> {
  return endBroker(n, { ...options, by: "SIGKILL" });
}

/**
 * Stops one broker in order: it hands its partitions over and closes its files. For lessons and tests.
 *
 * Resolves as {@linkcode killBroker} does.
 *
 * @param n Number of the broker, from 1.
 * @throws {Error} If that broker is not running.
 */
export function stopBroker(
  n: number,
  options: { readonly config?: ClusterConfig } = {},
): Promise<void> {
  return endBroker(n, { ...options, by: "SIGTERM" });
}

/**
 * Starts a broker again that has ended, and waits until it is back among the others.
 *
 * @param n Number of the broker, from 1.
 * @throws {Error} If the cluster is not up, has no such broker, or it cannot start; with the reason.
 */
export async function startBroker(n: number, options: { readonly config?: ClusterConfig } = {}) {
  const config = options.config ?? clusterConfig();
  const state = await supervisorState(config);
  const managed = brokerOf(state, n);
  if (state === undefined || managed === undefined) {
    throw new Error(`Cannot start broker ${n}: its cluster is not up (run "deno task up")`);
  }
  if (managed.state !== "running") await restart(config, state);
}

async function endBroker(
  n: number,
  options: { readonly config?: ClusterConfig; readonly by: "SIGKILL" | "SIGTERM" },
): Promise<void> {
  const config = options.config ?? clusterConfig();
  const managed = brokerOf(await supervisorState(config), n);
  if (managed?.state !== "running" || !await signal(managed.process, options.by)) {
    const what = options.by === "SIGKILL" ? "kill" : "stop";
    throw new Error(`Cannot ${what} broker ${n}: it is not running (run "deno task status")`);
  }
  await gone(managed.process, 60_000);
  const path = statePaths(config.folders.state).state;
  while (brokerOf(await readJson<ClusterState>(path), n)?.process?.pid === managed.process?.pid) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function brokerOf(state: ClusterState | undefined, n: number): ManagedProcessInfo | undefined {
  return state?.processes.find(({ name }) => name === `broker ${n}`);
}
