/**
 * A real Kafka and a real schema registry on this machine, without Docker and without an installed Java.
 *
 * ```ts ignore
 * const { brokers, registry } = await up({ progress: ({ text }) => console.error(text) });
 * (await status()).processes;     // pid, port, version, memory of each
 * await down();                   // data stays
 * ```
 * `up` fetches what is missing (each file verified against a committed lock file), and starts a supervisor: a
 * process in the background that holds the lock on the data, runs the Java processes and stops them.
 *
 * @module
 */
export type { OnProgress, Progress } from "../downloads/mod.ts";
export { type ClusterConfig, clusterConfig, type ClusterSize } from "./cluster_config.ts";
export type { Java } from "./artifacts/java.ts";
export {
  type Prepare,
  prepare,
  type PrepareCalls,
  type Prepared,
  type PrepareOptions,
} from "./artifacts/prepare.ts";
export { type ArtifactLock, lock as artifactLock } from "./artifacts/lock.ts";
export type { Artifact, FetchFiles, Order } from "../downloads/mod.ts";
export { type Up, up, type UpOptions } from "./up.ts";
export { down } from "./down.ts";
export type { ClusterPhase, ProcessState } from "./state.ts";
export { type ProcessStatus, type Status, status } from "./status.ts";
export { type BehindProxy, RegistryProxy } from "./supervisor/registry_proxy.ts";
export { isFree, ownerInWords, type PortOwner, portOwner } from "./faults/port_owner.ts";
export { plannedRemovals, type Removal, reset, type ResetOptions } from "./reset.ts";
export {
  diagnose,
  type DiagnoseOptions,
  type Finding,
  fromError,
  NOT_RUNNING,
} from "./diagnose.ts";
export { killBroker, startBroker, stopBroker } from "./one_broker.ts";
export { type ThrowawayCluster, throwawayCluster, type ThrowawayOptions } from "./throwaway.ts";
export type { Throwaway } from "./supervisor/plan.ts";
export { openStateFolder } from "./state_folder.ts";
