import type { TopologyView } from "./topology_view.ts";

/** What a worker is doing. */
export type WorkerState = "rebalancing" | "restoring" | "running";

/** Counters of a step in one task. */
export interface NodeCounts {
  /** Records that came in. */
  readonly received: number;
  /** Records that it passed on. */
  readonly emitted: number;
  /** Records that it passed on to nobody, by the reason, such as `late`. */
  readonly dropped: Readonly<Record<string, number>>;
  /** The last record that came after its window had closed; left out before there is one. */
  readonly late?: LateRecord;
}

/** A record that came after its window had closed. */
export interface LateRecord {
  /** Its event time, Unix epoch ms. */
  readonly timestamp: number;
  /** How long the window had been closed, in ms of stream time. */
  readonly lateMs: number;
}

/** How far a task is behind the end of one partition that it reads. */
export interface InputStatus {
  /** Name of the topic. */
  readonly topic: string;
  /** Its number, from 0. */
  readonly partition: number;
  /** Records between what is processed and the end; null before the first answer. */
  readonly lag: number | null;
  /** Offset of the next record that it reads; null before it has read one. */
  readonly position: number | null;
}

/** One task of a worker. */
export interface TaskStatus {
  /** `<sub-topology>_<partition>`. */
  readonly task: string;
  /** A task that restores processes nothing yet. */
  readonly state: "restoring" | "running";
  /** Changelog records read so far, and how many there are; only while restoring. */
  readonly restored?: { readonly records: number; readonly total: number | null };
  /** Records that it is done with since it was opened here. */
  readonly processed: number;
  /** Records that failed. */
  readonly errors: number;
  /** Greatest event time, Unix epoch ms; -1 before the first record. */
  readonly streamTimeMs: number;
  /** The partitions that it reads. */
  readonly inputs: readonly InputStatus[];
  /** Node -> counters since the task was opened here. */
  readonly nodes: Readonly<Record<string, NodeCounts>>;
  /** Store -> rows. */
  readonly rows: Readonly<Record<string, number>>;
}

/** A copy of a task's rows that a worker keeps, so that it can go on with the task at once. */
export interface StandbyStatus {
  /** `<sub-topology>_<partition>`. */
  readonly task: string;
  /** One that restores is not complete yet. */
  readonly state: "restoring" | "running";
  /** Changelog records that are not in its rows yet; null before the first answer. */
  readonly lag: number | null;
  /** Store -> rows. */
  readonly rows: Readonly<Record<string, number>>;
}

/** What one worker says about itself; the key of its record is `worker`. */
export interface WorkerStatus {
  /** Tells it from the other records of the topic. */
  readonly kind: "worker";
  /** Id of the application. */
  readonly app: string;
  /** Unique among all workers that ever were. */
  readonly worker: string;
  /** What to call it. */
  readonly name: string;
  /** The machine it runs on; empty where the program may not ask. */
  readonly host: string;
  /** Number of its process there. */
  readonly process: number;
  /** Its name in the group; null before it has joined. */
  readonly memberId: string | null;
  /** Where it answers queries, `http://host:port`; null where it does not. */
  readonly server: string | null;
  /** `at-least-once` or `exactly-once`. */
  readonly guarantee: string;
  /** Of the worker as a whole; tasks have one of their own. */
  readonly state: WorkerState;
  /** When it was started, Unix epoch ms. */
  readonly startedMs: number;
  /** When this was written, Unix epoch ms; at least every {@linkcode HEARTBEAT_MS}. */
  readonly atMs: number;
  /** Those that it has, by name; none means it is idle. */
  readonly tasks: readonly TaskStatus[];
  /** Tasks of others whose rows it keeps a copy of, by name. */
  readonly standbys: readonly StandbyStatus[];
}

/** What the program looks like; the key of its record is `topology`, and it stays when all workers are gone. */
export interface AppStatus {
  /** Tells it from the other records of the topic. */
  readonly kind: "topology";
  /** As the worker that started last has it. */
  readonly topology: TopologyView;
  /** When this was written, Unix epoch ms. */
  readonly atMs: number;
}

/** Longest time between two statuses of a worker that lives. */
export const HEARTBEAT_MS = 10_000;

/** After so long without a word a worker counts as gone. */
export const STALE_MS = 2.5 * HEARTBEAT_MS;

const SUFFIX = "-status";

/** The compacted topic to which the workers of an application publish: `<app>-status`. */
export function statusTopic(app: string): string {
  return app + SUFFIX;
}

/**
 * The application whose workers publish to a topic; undefined for any other topic.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { appOfStatusTopic, statusTopic } from "./worker_status.ts";
 * assert.equal(appOfStatusTopic(statusTopic("counts")), "counts");
 * assert.equal(appOfStatusTopic("counts-trips-changelog"), undefined);
 * ```
 */
export function appOfStatusTopic(topic: string): string | undefined {
  return topic.endsWith(SUFFIX) && topic.length > SUFFIX.length
    ? topic.slice(0, -SUFFIX.length)
    : undefined;
}
