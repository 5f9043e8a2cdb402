import { isRunning, memoryBytes } from "./process.ts";
import { type ClusterState, type NodeState, readJson, statePaths } from "./state.ts";
import { brokerAddresses, type ClusterSize, registryUrl, type World, worldFrom } from "./world.ts";

/** One process of the cluster as it is now. */
export interface ProcessStatus {
  /** `broker 1`, `registry` or `keeper`. */
  readonly name: string;
  readonly state: NodeState["state"] | "unknown";
  readonly pid?: number;
  readonly port?: number;
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
  readonly phase: ClusterState["phase"];
  readonly size: ClusterSize;
  readonly brokers: readonly string[];
  readonly registry: string;
  readonly processes: readonly ProcessStatus[];
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
