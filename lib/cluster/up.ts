import { type Prepare, prepare } from "./artifacts/prepare.ts";
import { checkBeforeStart, portUses } from "./faults/before_start.ts";
import type { Plan, Throwaway } from "./supervisor/plan.ts";
import {
  follow,
  orphansGone,
  restart,
  startSupervisor,
  STOP_WITHIN_MS,
  supervisorGone,
} from "./supervisor_client.ts";
import { supervisorLives, supervisorState } from "./supervisor_state.ts";
import type { OnProgress } from "../downloads/mod.ts";
import type { ClusterState } from "./state.ts";
import { openStateFolder } from "./state_folder.ts";
import { upLock } from "./up_lock.ts";
import {
  brokerAddresses,
  type ClusterConfig,
  clusterConfig,
  type ClusterSize,
  registryUrl,
} from "./cluster_config.ts";

/** What to start and whom to tell. */
export interface UpOptions {
  /** Which cluster. @default the one the environment names */
  readonly config?: ClusterConfig;
  /** How many brokers. @default what runs already, else 1 */
  readonly brokers?: ClusterSize;
  /** Told what happens. @default nothing is said */
  readonly progress?: OnProgress;
  /** Opens a Control Center at this port beside the cluster; nothing waits for it. @default none */
  readonly controlCenterPort?: number;
  /** Takes back what this call has begun; what ran before goes on. @default never */
  readonly signal?: AbortSignal;
  /** Stops the cluster, where this call has started it, as soon as this process is gone, however it went. @default false */
  readonly endsWithUs?: boolean;
  /** Given where the cluster is thrown away at its end, with its state folder. @default its data stays */
  readonly throwaway?: Throwaway;
  /** Program that runs the cluster; tests give one on another system. @default the real one */
  readonly supervisor?: string;
  /** How to get Java and Kafka; tests give something smaller. @default the real one */
  readonly prepare?: Prepare;
}

/** A cluster that answers. */
export interface Up {
  /** `host:port` of each broker. */
  readonly brokers: readonly string[];
  /** Base URL of the registry's Confluent-compatible API. */
  readonly registry: string;
  /** False when everything ran already, or nothing is ours to start. */
  readonly started: boolean;
  /** Damage that was found although the brokers run. */
  readonly warnings: readonly string[];
}

/**
 * Starts the local Kafka and registry in the background and waits until both answer.
 *
 * Does nothing when they run, starts again what is missing, waits when another process starts them. What
 * `KAFKA_BROKERS` or `SCHEMA_REGISTRY_URL` name is not started.
 *
 * @throws {Error} If it cannot: one line with what is wrong and the one fix.
 */
export async function up(options: UpOptions = {}): Promise<Up> {
  const config = options.config ?? clusterConfig();
  const startsKafka = config.otherKafka === undefined;
  const startsRegistry = config.otherRegistry === undefined;
  const progress = options.progress ?? (() => {});
  if (!startsKafka) progress({ text: `Using the Kafka of KAFKA_BROKERS: starting none` });
  if (!startsRegistry) {
    progress({ text: "Using the registry of SCHEMA_REGISTRY_URL: starting none" });
  }
  if (!startsKafka && !startsRegistry) return result(config, { size: 1, started: false });
  await openStateFolder(config.folders.state);
  using _ = await upLock(config, progress, { ...(options.signal && { signal: options.signal }) });
  const running = await runningCluster(config, progress);
  if (running !== undefined) return await join(config, running, { ...options, progress });
  const size = options.brokers ?? 1;
  progress({ text: "Checking the downloads" });
  const { signal } = options;
  const prepared = await (options.prepare ?? prepare)(config.folders.cache, {
    progress,
    ...(signal && { signal }),
  });
  signal?.throwIfAborted();
  // Java processes of a supervisor that was killed hold our own ports until they have ended.
  await orphansGone(config);
  await checkBeforeStart(
    config,
    portUses(config, { size, kafka: startsKafka, registry: startsRegistry }),
  );
  const { controlCenterPort } = options;
  const plan: Plan = {
    config,
    size,
    prepared,
    startsKafka,
    startsRegistry,
    endsWithStarter: options.endsWithUs ?? false,
    ...(controlCenterPort && { controlCenterPort }),
    ...(options.throwaway && { throwaway: options.throwaway }),
  };
  const state = await startSupervisor(plan, {
    progress,
    ...(signal && { signal }),
    ...(options.supervisor && { program: options.supervisor }),
  });
  return result(config, { size, started: true, warnings: state.warnings });
}

/** The state of a supervisor that lives, after its start or stop has come to an end; undefined when none does. */
async function runningCluster(
  config: ClusterConfig,
  progress: OnProgress,
): Promise<ClusterState | undefined> {
  const state = await supervisorState(config);
  if (state === undefined) return undefined;
  if (state.phase === "stopping") {
    progress({ text: "Waiting for the cluster to stop first" });
    await supervisorGone(config, STOP_WITHIN_MS);
    return undefined;
  }
  if (state.phase !== "starting") return state;
  progress({ text: "The cluster is starting already: waiting for it" });
  return await follow(config, { isStarting: () => supervisorLives(config), progress });
}

/** Uses the cluster that runs; starts again what has ended in it. */
async function join(
  config: ClusterConfig,
  state: ClusterState,
  options: UpOptions & { readonly progress: OnProgress },
): Promise<Up> {
  const { size } = state;
  if (options.brokers !== undefined && options.brokers !== size) {
    throw new Error(
      `Cannot start ${brokerCount(options.brokers)}: a cluster with ${
        brokerCount(size)
      } is running ` +
        `(run "deno task down" first; each size keeps its own data)`,
    );
  }
  const missing = state.processes.filter(({ state }) => state !== "running");
  if (missing.length === 0) {
    return result(config, { size, started: false, warnings: state.warnings });
  }
  await checkBeforeStart(config, []);
  options.progress({ text: `Starting ${missing.map(({ name }) => name).join(", ")} again` });
  return result(config, { size, started: true, warnings: (await restart(config)).warnings });
}

function brokerCount(size: ClusterSize): string {
  return size === 1 ? "1 broker" : `${size} brokers`;
}

function result(
  config: ClusterConfig,
  up: { size: ClusterSize; started: boolean; warnings?: readonly string[] },
): Up {
  return {
    brokers: brokerAddresses(config, up.size),
    registry: registryUrl(config),
    started: up.started,
    warnings: up.warnings ?? [],
  };
}
