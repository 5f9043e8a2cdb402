/**
 * What the parts of one running worker share.
 *
 * @module
 */
import type { Fetcher, GroupIdentity, GroupMembership } from "../../kafka/engine.ts";
import type { Kafka } from "../../kafka/mod.ts";
import type { StoreProvider } from "../state/row_store.ts";
import type { GlobalState } from "../task/global_state.ts";
import type { RefusedRecord } from "../task/errors.ts";
import type { Clock } from "../task/records.ts";
import type { Guarantee } from "../topology/error_rules.ts";
import type { Plan } from "../topology/plan.ts";
import type { Topology } from "../topology/topology.ts";
import type { PurgeRules } from "./purge.ts";
import type { QueryServerOptions } from "./query/query_server.ts";
import type { RecordWriter } from "./record_writer.ts";

/** The steps of a commit, in order. Tests stop a worker at each of them. */
export type CommitStep = "begun" | "written" | "offsets" | "committed";

/** How a worker runs. */
export interface WorkerOptions {
  /** What a failure may do to results. @default the application's own */
  readonly guarantee?: Guarantee;
  /** Where stores keep their rows. @default in memory */
  readonly stores?: StoreProvider;
  /** Readable name of this worker in its group. @default a random one */
  readonly name?: string;
  /** Where a partition is read from that the group has no offset for. @default "earliest" */
  readonly from?: "earliest" | "latest";
  /** How long a record waits for a schema registry that cannot be reached before the error policy decides. @default 60_000 */
  readonly retryTimeoutMs?: number;
  /** How often progress is committed, at most; less often while commits take long. @default 200 at least once, 100 exactly once */
  readonly commitIntervalMs?: number;
  /** Records of one partition that may wait; reading it pauses above. @default 10_000 */
  readonly bufferedRecords?: number;
  /** Bytes of one partition that may wait, about; reading it pauses above. @default 1 MB */
  readonly bufferedBytes?: number;
  /** A worker without heartbeats for so long loses its tasks to others. @default 6_000 */
  readonly sessionTimeoutMs?: number;
  /**
   * Makes it a static member of its group, Kafka's `group.instance.id` (KIP-345): started again within
   * `sessionTimeoutMs` it gets back the tasks that it had, and no other worker stops for it.
   *
   * Its group is not told when it stops: nobody has its tasks until the session is over, so let one last longer than a
   * restart. Each worker needs an id of its own: of two with one id the older ends with `FENCED_INSTANCE_ID`. And until
   * the group rebalances, others query it where it answered before: give its `server` a port.
   *
   * @default none: a dynamic member, whose tasks go to others when it stops
   */
  readonly instanceId?: string;
  /**
   * How many other workers keep a copy of each task's rows, so that one that dies is replaced without a restore; the
   * same for all workers of the application. @default 0
   */
  readonly standbys?: number;
  /**
   * Where it answers other workers' queries and those of `deno task query`; false: nowhere.
   *
   * @default this machine only, at a free port
   */
  readonly server?: QueryServerOptions | false;
  /** When records that were read from repartition topics are deleted there. */
  readonly purge?: PurgeRules;
  /** Time as wall-clock punctuators see it. @default the system's */
  readonly clock?: Clock;
  /** Whether it publishes how it is doing to the topic `<app>-status`, for the Control Center. @default true */
  readonly status?: boolean;
  /** Called with what happens, as plain data. */
  readonly onEvent?: (event: WorkerEvent) => void;
  /** Called at each step of a commit: fault tests end the process here. */
  readonly onCommitStep?: (step: CommitStep, task: string | undefined) => void | Promise<void>;
}

/** Something that happened to a worker. */
export type WorkerEvent =
  /** Tasks that it is to run, and tasks of others whose rows it is to keep a copy of. */
  | {
    readonly kind: "assigned";
    readonly tasks: readonly string[];
    readonly standbys: readonly string[];
    /** Whether another assignment follows: other workers have to give tasks up first. */
    readonly isPartial: boolean;
  }
  | {
    readonly kind: "restoring";
    readonly task: string;
    readonly restored: number;
    readonly total: number | undefined;
  }
  | { readonly kind: "running"; readonly task: string; readonly restored: number }
  | { readonly kind: "closed"; readonly task: string }
  | { readonly kind: "lost"; readonly task: string; readonly why: string }
  /** The copy of another worker's task cannot be kept any more. */
  | { readonly kind: "standbyLost"; readonly task: string; readonly why: string }
  | { readonly kind: "unpublished"; readonly why: string }
  /** A topic of the application was found with a setting that the application would not have given it. */
  | {
    readonly kind: "differs";
    readonly topic: string;
    readonly setting: string;
    readonly found: string;
    readonly wanted: string;
  }
  /** Rows on disk are damaged, and are restored from the changelog. */
  | { readonly kind: "damaged"; readonly task: string; readonly why: string }
  /** A record waits for a service that cannot be reached, such as the schema registry; emitted at each attempt. */
  | { readonly kind: "waiting"; readonly task: string; readonly why: string }
  /** A record was skipped, or became a dead letter. */
  | ({ readonly kind: "refused"; readonly task: string } & RefusedRecord)
  | {
    readonly kind: "gap";
    readonly topic: string;
    readonly partition: number;
    readonly from: number;
    readonly to: number;
  };

/** Everything the parts of one worker share. */
export interface WorkerContext {
  readonly kafka: Kafka;
  readonly topology: Topology;
  readonly plan: Plan;
  /** Most bytes of a dead letter; undefined where the topic does not tell. */
  readonly letterBytes: number | undefined;
  readonly options: WorkerOptions;
  readonly guarantee: Guarantee;
  readonly stores: StoreProvider;
  readonly clock: Clock;
  readonly globals: GlobalState;
  readonly fetcher: Fetcher;
  readonly member: GroupMembership;
  /** The member as which its tasks are surely its own: what commits are made with. */
  readonly identity: () => GroupIdentity;
  /** Another number when the group may have gone on without it: what was begun before must not be committed any more. */
  readonly tenure: () => number;
  /** How many partitions a topic has; 0 when it is not known. */
  readonly partitions: (topic: string) => number;
  /** Writes for all tasks, at least once; exactly once, every task has its own. */
  readonly sharedWriter: RecordWriter | undefined;
  readonly emit: (event: WorkerEvent) => void;
}
