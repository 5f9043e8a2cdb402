import { here, type Platform, replaceFile, whileBusy } from "../platform/mod.ts";
import type { ProcessId } from "./process.ts";
import type { ClusterSize } from "./cluster_config.ts";

/** What a process of the cluster does. */
export type ProcessState = "starting" | "running" | "stopping" | "exited";

/** What a cluster does. */
export type ClusterPhase = "starting" | "running" | "stopping" | "stopped" | "failed";

/** One Java process of the cluster. */
export interface ManagedProcessInfo {
  /** `broker 1` or `registry`. */
  readonly name: string;
  /** Where clients reach it. */
  readonly port: number;
  readonly version: string;
  readonly state: ProcessState;
  readonly process?: ProcessId;
  /** Why it exited, in plain words. */
  readonly why?: string;
}

/** What the supervisor last said about itself; the file beside the lock. */
export interface ClusterState {
  readonly phase: ClusterPhase;
  readonly supervisor: ProcessId;
  readonly size: ClusterSize;
  readonly processes: readonly ManagedProcessInfo[];
  /** What the supervisor does at the moment. */
  readonly doing?: string;
  /** Why it failed, in plain words. */
  readonly error?: string;
  /** What is damaged although the brokers run. */
  readonly warnings: readonly string[];
}

/** What the supervisor is told to do; it removes the file when it has begun. */
export type Command = { readonly command: "stop" | "restart" } | BrokerCommand;

/** What it is told to do to one broker. */
export type BrokerCommand =
  | {
    readonly command: "stop broker" | "kill broker" | "cut wire" | "mend wire";
    readonly broker: number;
  }
  | {
    readonly command: "small disk";
    readonly broker: number;
    readonly megabytes: number;
  };

/** Where everything of one cluster stands below its state folder. */
export interface StatePaths {
  /** Shows that the folder is ours to wipe. */
  readonly marker: string;
  /** Locked by the supervisor as long as it lives. */
  readonly lock: string;
  /** Locked by `up` as long as it works. */
  readonly upLock: string;
  readonly state: string;
  readonly command: string;
  readonly logs: string;
  readonly registry: string;
  /** Local stores of stream workers: worthless without the cluster's topics. */
  readonly streams: string;
  /** A learner's predictions and choices in quizzes: they outlive a reset. */
  readonly guesses: string;
  /** Clusters that are thrown away at their end, a state folder each. */
  readonly throwaway: string;
  /** Data of broker n in a cluster of this size: one broker's data never meets three brokers'. */
  readonly broker: (size: ClusterSize, n: number) => string;
  readonly brokers: (size: ClusterSize) => string;
}

/** Names the places below a state folder. */
export function statePaths(folder: string): StatePaths {
  const brokers = (size: ClusterSize) => `${folder}/brokers-${size}`;
  return {
    marker: `${folder}/taxi-streams-state`,
    lock: `${folder}/lock`,
    upLock: `${folder}/up.lock`,
    state: `${folder}/cluster.json`,
    command: `${folder}/command.json`,
    logs: `${folder}/log`,
    registry: `${folder}/registry`,
    streams: `${folder}/streams`,
    guesses: `${folder}/guesses`,
    throwaway: `${folder}/throwaway`,
    brokers,
    broker: (size, n) => `${brokers(size)}/broker-${n}`,
  };
}

/** Reads a small JSON file; undefined when it or its folder is missing, or it is cut off. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await whileBusy(() => Deno.readTextFile(path))) as T;
  } catch (error) {
    const { NotFound, NotADirectory } = Deno.errors;
    const missing = [NotFound, NotADirectory, SyntaxError].some((one) => error instanceof one);
    if (missing) return undefined;
    throw error;
  }
}

/** The room a state takes from the start, so that its last word finds room on a full disk. */
const PADDED_CHARACTERS = 8_192;

/** Writes a small JSON file that others see whole or not at all, readable by its owner only. */
export function writeJson(path: string, value: unknown, platform: Platform = here): void {
  const text = JSON.stringify(value, null, 2).padEnd(PADDED_CHARACTERS);
  replaceFile(path, text, { mode: 0o600, platform });
}
