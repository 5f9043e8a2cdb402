import { lookAt, type SeenProcess } from "./process.ts";
import {
  type ClusterPhase,
  type ClusterState,
  type ManagedProcessInfo,
  type ProcessState,
  readJson,
  statePaths,
} from "./state.ts";
import { trustStateFolder } from "./state_folder.ts";
import { supervisorLives } from "./supervisor_state.ts";
import {
  brokerAddresses,
  type ClusterConfig,
  clusterConfig,
  type ClusterSize,
  registryUrl,
} from "./cluster_config.ts";

/** One process of the cluster as it is now. */
export interface ProcessStatus {
  /** `broker 1`, `registry` or `supervisor`. */
  readonly name: string;
  /** What its process does now; `exited` when it is gone, whatever was written down. */
  readonly state: ProcessState;
  /** Only while it runs. */
  readonly pid?: number;
  /** Where clients reach it; the supervisor has none. */
  readonly port?: number;
  /** Of Kafka or of the registry; the supervisor has none. */
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
  /** What the supervisor said last; `stopped` when no supervisor runs. */
  readonly phase: ClusterPhase;
  /** How many brokers belong to it, running or not. */
  readonly size: ClusterSize;
  /** `host:port` of each broker, running or not. */
  readonly brokers: readonly string[];
  /** Base URL of the registry's Confluent-compatible API. */
  readonly registry: string;
  /** Brokers first, then the registry, then the supervisor; empty before the first start. */
  readonly processes: readonly ProcessStatus[];
  /** Damage that was found although the brokers run. */
  readonly warnings: readonly string[];
}

/** Looks at every process of the local cluster. @throws {Error} If others could have written what is known of it. */
export async function status(options: { readonly config?: ClusterConfig } = {}): Promise<Status> {
  const config = options.config ?? clusterConfig();
  await trustStateFolder(config.folders.state, "look at the cluster");
  return await statusOf(
    config,
    await readJson<ClusterState>(statePaths(config.folders.state).state),
  );
}

/** What is so by a cluster's last word; without one it never ran. */
export async function statusOf(
  config: ClusterConfig,
  state: ClusterState | undefined,
): Promise<Status> {
  const supervisorRuns = state !== undefined && await supervisorLives(config);
  const pids = (state?.processes ?? []).flatMap(({ process }) => process ? [process.pid] : []);
  const seen = await lookAt(supervisorRuns ? [state.supervisor.pid, ...pids] : pids);
  const processes = (state?.processes ?? [])
    .map((managed) => processStatus(managed, { seen, supervisorRuns }));
  const size = state?.size ?? 1;
  const nothingIsOurs = config.otherKafka !== undefined && config.otherRegistry !== undefined;
  const allRun = processes.length > 0 && processes.every(({ state }) => state === "running");
  return {
    up: nothingIsOurs || (supervisorRuns && state.phase === "running" && allRun),
    phase: supervisorRuns ? state.phase : "stopped",
    size,
    brokers: brokerAddresses(config, size),
    registry: registryUrl(config),
    processes: [...processes, ...(supervisorRuns ? [supervisorStatus(state, seen)] : [])],
    warnings: supervisorRuns ? state.warnings : [],
  };
}

type Seen = ReadonlyMap<number, SeenProcess>;

function processStatus(
  managed: ManagedProcessInfo,
  { seen, supervisorRuns }: { readonly seen: Seen; readonly supervisorRuns: boolean },
): ProcessStatus {
  const { name, port, version, process, why } = managed;
  const found = process && seen.get(process.pid);
  // Where the system tells of no process at all, the word of its supervisor counts.
  const runs = process !== undefined &&
    (seen.size > 0
      ? found?.started === process.started
      : supervisorRuns && managed.state !== "exited");
  return {
    name,
    port,
    version,
    state: runs ? managed.state : managed.state === "starting" ? "starting" : "exited",
    ...(runs && { pid: process.pid }),
    ...(runs && found && { memoryBytes: found.memoryBytes }),
    ...(why !== undefined && { why }),
  };
}

function supervisorStatus({ supervisor: { pid } }: ClusterState, seen: Seen): ProcessStatus {
  const memoryBytes = seen.get(pid)?.memoryBytes;
  return {
    name: "supervisor",
    state: "running",
    pid,
    ...(memoryBytes !== undefined && { memoryBytes }),
  };
}
