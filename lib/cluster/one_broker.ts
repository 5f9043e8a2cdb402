import { keeperState } from "./keeper_state.ts";
import { gone, signal } from "./process.ts";
import { type ClusterState, type NodeState, readJson, statePaths } from "./state.ts";
import { mend } from "./keeper_calls.ts";
import { type World, worldFrom } from "./world.ts";

/**
 * Kills one broker as a power cut would: no goodbye, nothing flushed. For lessons and tests.
 *
 * Resolves when the process is gone and the keeper has noticed. {@linkcode startBroker} brings it back.
 *
 * @param n Number of the broker, from 1.
 * @throws {Error} If that broker is not running.
 */
export function killBroker(n: number, options: { readonly world?: World } = {}): Promise<void> {
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
export function stopBroker(n: number, options: { readonly world?: World } = {}): Promise<void> {
  return endBroker(n, { ...options, by: "SIGTERM" });
}

/**
 * Starts a broker again that has ended, and waits until it is back among the others.
 *
 * @param n Number of the broker, from 1.
 * @throws {Error} If the cluster is not up, has no such broker, or it cannot start; with the reason.
 */
export async function startBroker(n: number, options: { readonly world?: World } = {}) {
  const world = options.world ?? worldFrom();
  const state = await keeperState(world);
  const node = nodeOf(state, n);
  if (state === undefined || node === undefined) {
    throw new Error(`Cannot start broker ${n}: its cluster is not up (run "deno task up")`);
  }
  if (node.state !== "running") await mend(world, state);
}

async function endBroker(
  n: number,
  options: { readonly world?: World; readonly by: "SIGKILL" | "SIGTERM" },
): Promise<void> {
  const world = options.world ?? worldFrom();
  const node = nodeOf(await keeperState(world), n);
  if (node?.state !== "running" || !await signal(node.process, options.by)) {
    const what = options.by === "SIGKILL" ? "kill" : "stop";
    throw new Error(`Cannot ${what} broker ${n}: it is not running (run "deno task status")`);
  }
  await gone(node.process, 60_000);
  const path = statePaths(world.folders.state).state;
  while (nodeOf(await readJson<ClusterState>(path), n)?.process?.pid === node.process?.pid) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function nodeOf(state: ClusterState | undefined, n: number): NodeState | undefined {
  return state?.nodes.find(({ name }) => name === `broker ${n}`);
}
