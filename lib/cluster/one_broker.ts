import { sleep } from "../async/mod.ts";
import { type ClusterConfig, clusterConfig } from "./cluster_config.ts";
import type { BrokerCommand, ClusterState, ManagedProcessInfo } from "./state.ts";
import { command, restart } from "./supervisor_client.ts";
import { supervisorState } from "./supervisor_state.ts";

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
  return endBroker({ command: "kill broker", broker: n }, options.config);
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
  return endBroker({ command: "stop broker", broker: n }, options.config);
}

/**
 * Starts a broker again that has ended, and waits until it is back among the others.
 *
 * @param n Number of the broker, from 1.
 * @throws {Error} If the cluster is not up, has no such broker, or it cannot start; with the reason.
 */
export async function startBroker(n: number, options: { readonly config?: ClusterConfig } = {}) {
  const config = options.config ?? clusterConfig();
  const broker = brokerOf(await supervisorState(config), n);
  if (broker === undefined) {
    throw new Error(`Cannot start broker ${n}: its cluster is not up (run "deno task up")`);
  }
  if (broker.state !== "running") await restart(config);
}

/**
 * Cuts the wire on which the other brokers of a throw-away cluster reach one: they copy nothing from it any more, and
 * what was on its way is lost. Clients and the controllers still reach it. {@linkcode mendWire} ends that.
 *
 * @param n Number of the broker, from 1.
 */
export async function cutWire(n: number, { config }: { readonly config: ClusterConfig }) {
  await command(config, { command: "cut wire", broker: n });
}

/** Lets the other brokers copy from one again. */
export async function mendWire(n: number, { config }: { readonly config: ClusterConfig }) {
  await command(config, { command: "mend wire", broker: n });
}

/**
 * Stops one broker of a throw-away cluster in order and starts it again on a disk that is soon full: the first write by
 * which a file of its would grow past a size fails, and Kafka ends itself, as its only disk does. The broker that is
 * started after that has a disk without limit.
 *
 * @param n Number of the broker, from 1.
 * @param options.megabytes How far a file may grow; Kafka needs more than 10 to start.
 * @throws {Error} If that broker is not running, or does not start.
 */
export async function smallDisk(
  n: number,
  { megabytes, config }: { readonly megabytes: number; readonly config: ClusterConfig },
): Promise<void> {
  await endBroker({ command: "small disk", broker: n, megabytes }, config);
  await restart(config);
}

/** Whether a broker runs, and why it has ended, as its supervisor knows. @param n Number of the broker, from 1. */
export async function brokerState(
  n: number,
  { config }: { readonly config: ClusterConfig },
): Promise<ManagedProcessInfo | undefined> {
  return brokerOf(await supervisorState(config), n);
}

/** The supervisor does it: only it knows for sure which process is the broker. */
async function endBroker(
  what: BrokerCommand,
  config: ClusterConfig = clusterConfig(),
): Promise<void> {
  const n = what.broker, [how] = what.command.split(" ");
  const before = brokerOf(await supervisorState(config), n);
  if (before?.state !== "running") {
    const doing = how === "small" ? "fill the disk of" : how;
    throw new Error(`Cannot ${doing} broker ${n}: it is not running (run "deno task status")`);
  }
  await command(config, what);
  const isThere = async () =>
    brokerOf(await supervisorState(config), n)?.process?.pid === before.process?.pid;
  while (await isThere()) await sleep(20);
}

function brokerOf(state: ClusterState | undefined, n: number): ManagedProcessInfo | undefined {
  return state?.processes.find(({ name }) => name === `broker ${n}`);
}
