import { sleep } from "../async/mod.ts";
import type { OnProgress } from "../downloads/mod.ts";
import {
  type ClusterConfig,
  clusterConfig,
  type ClusterSize,
  PORTS_WITH_WIRES,
} from "./cluster_config.ts";
import { down } from "./down.ts";
import { isFree } from "./faults/port_owner.ts";
import {
  brokerState,
  cutWire,
  killBroker,
  mendWire,
  smallDisk,
  startBroker,
  stopBroker,
} from "./one_broker.ts";
import { lookAt } from "./process.ts";
import { statePaths } from "./state.ts";
import { openStateFolder } from "./state_folder.ts";
import { orphansGone } from "./supervisor_client.ts";
import { supervisorLives, supervisorState } from "./supervisor_state.ts";
import { up } from "./up.ts";

/** How to start a cluster that is thrown away. */
export interface ThrowawayOptions {
  /** Word for its folder, such as a lesson's id. */
  readonly name: string;
  /** How many brokers it has. @default 1 */
  readonly brokers?: ClusterSize;
  /** Settings of every broker by Kafka's names, over those of the lab's brokers. @default none */
  readonly settings?: Readonly<Record<string, string>>;
  /** Java heap of each broker. @default 192 */
  readonly heapMegabytes?: number;
  /** Opens a Control Center of its own at a port beside it. @default false */
  readonly controlCenter?: boolean;
  /** Told what happens. @default nothing is said */
  readonly progress?: OnProgress;
  /** Takes back what was begun. @default never */
  readonly signal?: AbortSignal;
}

/** A cluster beside the lab's, with data and ports of its own: what is done to it harms nobody else. */
export interface ThrowawayCluster {
  /** `host:port` of each broker. */
  readonly brokers: readonly string[];
  /** Where its Control Center opens; undefined where none was asked for. */
  readonly controlCenter: string | undefined;
  /** Folder of a broker's data, from 1: one folder below it for each partition. */
  dataOf(n: number): string;
  /** Kills a broker as a power cut would. */
  kill(n: number): Promise<void>;
  /** Stops a broker in order. */
  stop(n: number): Promise<void>;
  /** Starts a broker again, and each other one that has ended. */
  start(n: number): Promise<void>;
  /** Lets the other brokers copy nothing from this one, until `mendWire`. Only with three. */
  cutWire(n: number): Promise<void>;
  /** Lets them copy again. */
  mendWire(n: number): Promise<void>;
  /** Starts a broker again on a disk that is full once a file has grown so far. Kafka needs more than 10 MB to start. */
  smallDisk(n: number, megabytes: number): Promise<void>;
  /** Whether a broker runs; where it has ended, why, in plain words. */
  look(n: number): Promise<{ readonly running: boolean; readonly why?: string }>;
  /** Memory that its processes have now, its supervisor's too. */
  memoryBytes(): Promise<number>;
  /** Kills everything and removes the data. */
  close(): Promise<void>;
}

/** Lies between the ports that tests and the lab take and those that systems give to connections. */
const FIRST_PORT = 30_000, PORTS = 2_000;
/** A port that was free may be taken until Kafka has it. */
const TRIES = 3;
const GONE_WITHIN_MS = 10_000;

/**
 * Starts a cluster that ends as soon as this process is gone, however it went, and leaves nothing behind.
 *
 * @throws {Error} If it cannot start.
 */
export async function throwawayCluster(options: ThrowawayOptions): Promise<ThrowawayCluster> {
  const { folders } = clusterConfig();
  await openStateFolder(folders.state);
  const all = statePaths(folders.state).throwaway;
  await Deno.mkdir(all, { recursive: true, mode: 0o700 });
  await removeOld(all);
  for (let tries = 1;; tries++) {
    const state = await Deno.makeTempDir({ dir: all, prefix: `${options.name}-` });
    const kafka = await freePorts(PORTS_WITH_WIRES + 1), registry = kafka + PORTS_WITH_WIRES;
    const config: ClusterConfig = {
      folders: { ...folders, state },
      ports: { kafka, registry },
      otherRegistry: "http://localhost:1",
    };
    try {
      return await start(config, options);
    } catch (error) {
      const isTaken = /port \d+ is taken/.test((error as Error).message);
      if (!isTaken || tries === TRIES) throw error;
    }
  }
}

async function start(config: ClusterConfig, options: ThrowawayOptions): Promise<ThrowawayCluster> {
  const { brokers: size = 1, settings = {}, heapMegabytes = 192 } = options;
  const { state } = config.folders, { progress, signal } = options;
  const controlCenterPort = options.controlCenter ? config.ports.registry : undefined;
  const { brokers } = await up({
    ...{ config, brokers: size, endsWithUs: true },
    throwaway: { heapMegabytes, settings },
    ...(controlCenterPort && { controlCenterPort }),
    ...(progress && { progress }),
    ...(signal && { signal }),
  });
  return {
    brokers,
    controlCenter: controlCenterPort === undefined
      ? undefined
      : `http://localhost:${controlCenterPort}`,
    dataOf: (n) => statePaths(state).broker(size, n),
    kill: (n) => killBroker(n, { config }),
    stop: (n) => stopBroker(n, { config }),
    start: (n) => startBroker(n, { config }),
    cutWire: (n) => cutWire(n, { config }),
    mendWire: (n) => mendWire(n, { config }),
    smallDisk: (n, megabytes) => smallDisk(n, { megabytes, config }),
    look: async (n) => {
      const { state, why } = await brokerState(n, { config }) ?? {};
      return { running: state === "running", ...(why !== undefined && { why }) };
    },
    memoryBytes: () => memoryOf(config),
    close: () => end(config),
  };
}

async function memoryOf(config: ClusterConfig): Promise<number> {
  const state = await supervisorState(config);
  const ids = [state?.supervisor, ...(state?.processes ?? []).map(({ process }) => process)];
  const seen = await lookAt(ids.flatMap((id) => id === undefined ? [] : [id.pid]));
  return [...seen.values()].reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
}

async function end(config: ClusterConfig): Promise<void> {
  await down({ config }).catch(() => {});
  const deadlineMs = performance.now() + GONE_WITHIN_MS;
  while (await Deno.remove(config.folders.state, { recursive: true }).then(() => false, isThere)) {
    if (performance.now() > deadlineMs) return;
    await sleep(50);
  }
}

function isThere(error: unknown): boolean {
  return !(error instanceof Deno.errors.NotFound);
}

/** What a supervisor left that was killed itself, or that Windows kept while it ran. */
async function removeOld(all: string): Promise<void> {
  for await (const { name } of Deno.readDir(all)) {
    const { folders, ...rest } = clusterConfig();
    const config = { ...rest, folders: { ...folders, state: `${all}/${name}` } };
    if (await supervisorLives(config)) continue;
    // One that is starting has no lock yet, and no state either.
    if (await isYoung(config.folders.state)) continue;
    await orphansGone(config);
    await Deno.remove(config.folders.state, { recursive: true }).catch(() => {});
  }
}

async function isYoung(folder: string): Promise<boolean> {
  const { mtime } = await Deno.stat(folder).catch(() => ({ mtime: null }));
  return mtime !== null && Date.now() - mtime.getTime() < 60_000;
}

/** Free ports side by side. Kernels that start at the same time look from different places. */
async function freePorts(count: number): Promise<number> {
  const places = Math.floor(PORTS / count);
  for (let at = 0; at < places; at++) {
    const first = FIRST_PORT + (Deno.pid + at) % places * count;
    const ports = Array.from({ length: count }, (_, i) => first + i);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
  }
  throw new Error(
    `Cannot start a cluster: no ${count} ports side by side are free from ${FIRST_PORT} on ` +
      `(end another lesson's cluster)`,
  );
}
