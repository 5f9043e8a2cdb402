import { isRunning, memoryBytes } from "./process.ts";
import {
  type ClusterPhase,
  type ClusterState,
  type NodeState,
  type ProcessState,
  readJson,
  statePaths,
} from "./state.ts";
import { brokerAddresses, type ClusterSize, registryUrl, type World, worldFrom } from "./world.ts";

/** One process of the cluster as it is now. */
export interface ProcessStatus {
  /** `broker 1`, `registry` or `keeper`. */
  readonly name: string;
  /** What its process does now; `exited` when it is gone, whatever was written down. */
  readonly state: ProcessState;
  /** Only while it runs. */
  readonly pid?: number;
  /** Where clients reach it; the keeper has none. */
  readonly port?: number;
  /** Of Kafka or of the registry; the keeper has none. */
  readonly version?: string;
  /** Resident memory, where the system tells. */
  readonly memoryBytes?: number;
  /** Why it exited, in plain words. */
  readonly why?: string;
}

/** The cluster as it is now. */
export interface Status {
  /** True when every process that belongs to it runs. */
  readonly up: boolean;
  /** What the keeper said last; `stopped` when no keeper runs. */
  readonly phase: ClusterPhase;
  /** How many brokers belong to it, running or not. */
  readonly size: ClusterSize;
  /** `host:port` of each broker, running or not. */
  readonly brokers: readonly string[];
  /** Base URL of the registry's Confluent-compatible API. */
  readonly registry: string;
  /** Brokers first, then the registry, then the keeper; empty before the first start. */
  readonly processes: readonly ProcessStatus[];
  /** Damage that was found although the brokers run. */
  readonly warnings: readonly string[];
}

/** Looks at every process of the local cluster. */
export async function status(options: { readonly world?: World } = {}): Promise<Status> {
  const world = options.world ?? worldFrom();
  const state = await readJson<ClusterState>(statePaths(world.folders.state).state);
  const keeperRuns = await isRunning(state?.keeper);
  const processes = await Promise.all((state?.nodes ?? []).map(processStatus));
  const size = state?.size ?? 1;
  const nothingIsOurs = world.otherKafka !== undefined && world.otherRegistry !== undefined;
  const allRun = processes.length > 0 && processes.every(({ state }) => state === "running");
  return {
    up: nothingIsOurs || (keeperRuns && state?.phase === "running" && allRun),
    phase: keeperRuns ? state!.phase : "stopped",
    size,
    brokers: brokerAddresses(world, size),
    registry: registryUrl(world),
    processes: [...processes, ...(keeperRuns ? [await keeperStatus(state!)] : [])],
    warnings: keeperRuns ? state!.warnings : [],
  };
}

async function processStatus(node: NodeState): Promise<ProcessStatus> {
  const { name, port, version, process, why } = node;
  const runs = await isRunning(process);
  const memory = runs ? await memoryBytes(process!.pid) : undefined;
  return {
    name,
    port,
    version,
    state: runs ? node.state : node.state === "starting" ? "starting" : "exited",
    ...(runs && { pid: process!.pid }),
    ...(memory !== undefined && { memoryBytes: memory }),
    ...(why !== undefined && { why }),
  };
}

async function keeperStatus({ keeper }: ClusterState): Promise<ProcessStatus> {
  const memory = await memoryBytes(keeper.pid);
  return {
    name: "keeper",
    state: "running",
    pid: keeper.pid,
    ...(memory !== undefined && { memoryBytes: memory }),
  };
}
