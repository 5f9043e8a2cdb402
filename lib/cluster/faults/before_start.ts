import {
  brokerNumbers,
  brokerPorts,
  type ClusterConfig,
  type ClusterSize,
} from "../cluster_config.ts";
import { freeBytes, LEAST_FREE_BYTES } from "./disk.ts";
import {
  ownerInWords,
  type PortOwner,
  portOwner,
  type PortState,
  portState,
} from "./port_owner.ts";

/** A port of the cluster and what it is for. */
export interface PortUse {
  readonly port: number;
  readonly use: string;
  /** The variable that moves it. */
  readonly setting: string;
}

/** The ports a cluster would take, the public ones first. */
export function portUses(
  config: ClusterConfig,
  what: { readonly size: ClusterSize; readonly kafka: boolean; readonly registry: boolean },
): PortUse[] {
  const kafka = { setting: "TAXI_KAFKA_PORT" };
  const brokers = what.kafka ? brokerNumbers(what.size) : [];
  return [
    ...brokers.map((n) => ({ ...kafka, use: `broker ${n}`, port: brokerPorts(config, n).broker })),
    ...(what.registry
      ? [{ use: "the registry", port: config.ports.registry, setting: "TAXI_REGISTRY_PORT" }]
      : []),
    ...brokers.map((n) => ({
      ...kafka,
      use: `the controller of broker ${n}`,
      port: brokerPorts(config, n).controller,
    })),
  ];
}

/**
 * Checks what Kafka would only notice after seconds, or never say: ports and disk.
 *
 * @throws {Error} If a port is taken (and by whom) or less than 500 MB are free.
 */
export async function checkBeforeStart(
  config: ClusterConfig,
  uses: readonly PortUse[],
): Promise<void> {
  const states = await Promise.all(uses.map(({ port }) => portState(port)));
  for (const [at, { port, use, setting }] of uses.entries()) {
    if (states[at] === "free") continue;
    const { says, fix } = portProblem(states[at]!, await portOwner(port));
    throw new Error(
      `Cannot start ${use}: port ${port} is ${says} (${fix}, or set ${setting} to another port)`,
    );
  }
  const free = await freeBytes(config.folders.state);
  if (free < LEAST_FREE_BYTES) {
    throw new Error(
      `Cannot start Kafka: the disk is full, ${Math.floor(free / 1e6)} MB are free at ` +
        `"${config.folders.state}" (free at least ${LEAST_FREE_BYTES / 1e6} MB)`,
    );
  }
}

/** Why we cannot listen on a port, and what could be done besides taking another one. */
export function portProblem(
  state: PortState,
  owner: PortOwner | undefined,
): { readonly says: string; readonly fix: string } {
  if (state === "reserved") {
    return {
      says: "reserved by Windows",
      fix: 'run "netsh interface ipv4 show excludedportrange protocol=tcp" to see the others',
    };
  }
  const fix = owner?.checkout ? 'run "deno task down" there' : "end that process";
  return { says: `taken ${ownerInWords(owner)}`, fix };
}
