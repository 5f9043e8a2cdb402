/**
 * The standby tasks of one worker: each follows its changelogs for as long as it is assigned.
 *
 * @module
 */
import { backoffMs, sleep } from "../../async/mod.ts";
import {
  type CommittedOffset,
  type Fetched,
  Fetcher,
  type FetcherOptions,
} from "../../kafka/engine.ts";
import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { StandbyStatus } from "../../views/mod.ts";
import { StoreError } from "../state/store_error.ts";
import type { StoreProvider } from "../state/row_store.ts";
import { type TaskId, taskName } from "../topology/plan.ts";
import type { Topology } from "../topology/topology.ts";
import type { WorkerContext, WorkerEvent } from "./context.ts";
import { restorable } from "./restore.ts";
import type { TaskManager } from "./task_manager.ts";
import { changelogsOf, incarnationOf, StandbyTask } from "./standby_task.ts";

/** What reads changelogs: a `Fetcher`, or a fake of it. */
export interface ChangelogReader {
  readonly failed: Promise<never>;
  assign(partition: TopicPartition, offset: number): Promise<void>;
  unassign(partition: TopicPartition): void;
  position(partition: TopicPartition): number | undefined;
  end(partition: TopicPartition): number | undefined;
  close(): Promise<void>;
}

/** What a {@link StandbySet} needs of its worker, and of Kafka. */
export interface StandbySetOptions {
  readonly topology: Topology;
  /** Every task of the application. */
  readonly tasks: readonly TaskId[];
  readonly stores: StoreProvider;
  /** Called once, when the first standby opens. */
  readonly reader: (options: FetcherOptions) => ChangelogReader;
  /** What the group has committed for a task. */
  readonly committed: (task: TaskId) => Promise<readonly CommittedOffset[]>;
  /** First and next offset of every partition of a topic. */
  readonly bounds: (topic: string) => Promise<{ begin: readonly number[]; end: readonly number[] }>;
  readonly emit: (event: WorkerEvent) => void;
  /** How often rows and positions become durable. @default 1_000 */
  readonly commitIntervalMs?: number;
}

/** A standby that is so close behind is as good as one that is not. See: `acceptable.recovery.lag` */
const ACCEPTABLE_LAG = 10_000;
const RETRIES = 20, RETRY_MS = { minMs: 100, maxMs: 2_000 };

/** One standby, from its assignment to its release. */
interface Standby {
  readonly id: TaskId;
  readonly name: string;
  readonly released: AbortController;
  /** Undefined while it is being opened. */
  task?: StandbyTask | undefined;
  /** Whether it has been close behind its changelogs since it was opened. */
  upToDate: boolean;
}

/** Follows the assignment of standby tasks. A task's rows must be released here before the task is opened. */
export class StandbySet {
  readonly #options: StandbySetOptions;
  readonly #standbys = new Map<string, Standby>();
  /** Changelog partition -> the standby that follows it. */
  readonly #followers = new Map<string, Standby>();
  readonly #ids: ReadonlyMap<string, TaskId>;
  readonly #timer: ReturnType<typeof setInterval>;
  #reader: ChangelogReader | undefined;

  constructor(options: StandbySetOptions) {
    this.#options = options;
    this.#ids = new Map(options.tasks.map((id) => [taskName(id), id]));
    this.#timer = setInterval(() => void this.commit(), options.commitIntervalMs ?? 1_000);
  }

  /** Names of the tasks that can have standbys: those with rows in changelogs. */
  get candidates(): readonly string[] {
    return [...this.#ids].filter(([, id]) => changelogsOf(this.#options.topology, id).length > 0)
      .map(([name]) => name);
  }

  /** Names of those whose rows are up to date. */
  upToDate(): readonly string[] {
    return this.#all().filter(({ upToDate }) => upToDate).map(({ name }) => name);
  }

  /** What each one is doing, by name. */
  status(): StandbyStatus[] {
    return this.#all().map((one) => ({
      task: one.name,
      state: one.upToDate ? "running" : "restoring",
      lag: this.#lag(one),
      rows: one.task?.rows() ?? {},
    }));
  }

  /** Releases all that are not among these; their rows are complete as far as they were read. */
  keepOnly(names: readonly string[]): void {
    for (const standby of this.#all()) if (!names.includes(standby.name)) this.#release(standby);
  }

  /** Opens those that are not open yet. Their tasks must not run here. */
  open(names: readonly string[]): void {
    for (const name of names) {
      const id = this.#ids.get(name);
      if (!id || this.#standbys.has(name)) continue;
      const standby: Standby = { id, name, released: new AbortController(), upToDate: false };
      this.#standbys.set(name, standby);
      void this.#open(standby);
    }
  }

  /** Makes all rows durable together with where they stand; by itself it does so all the time. */
  async commit(): Promise<void> {
    for (const standby of this.#all()) {
      const { task, id } = standby;
      if (!task) continue;
      if (task.incarnation === undefined) {
        // Known from the task's first commit on.
        const incarnation = await this.#incarnation(id).catch(() => undefined);
        if (standby.task !== task) continue;
        task.incarnation = incarnation;
      }
      try {
        this.#commit(standby, task);
      } catch (error) {
        this.#failed(standby, error);
      }
    }
  }

  /** Releases everything. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.keepOnly([]);
    await this.#reader?.close();
  }

  #all(): Standby[] {
    return [...this.#standbys.values()].sort((a, b) => a.name < b.name ? -1 : 1);
  }

  /** Retries until it is open, or released; gives up at a permanent error. */
  async #open(standby: Standby): Promise<void> {
    const { signal } = standby.released;
    for (let failures = 1; !signal.aborted; failures++) {
      try {
        return await this.#tryToOpen(standby);
      } catch (error) {
        if (signal.aborted) return;
        this.#closeTask(standby);
        if (failures > RETRIES || !mayPass(error)) return this.#giveUp(standby, error);
        await sleep(backoffMs(failures, RETRY_MS), signal);
      }
    }
  }

  async #tryToOpen(standby: Standby): Promise<void> {
    const { topology, stores, bounds } = this.#options, { id, released: { signal } } = standby;
    const { partition } = id, changelogs = changelogsOf(topology, id);
    const incarnation = await this.#incarnation(id);
    const logs = await Promise.all(
      changelogs.map(async (topic) => ({ topic, ...await bounds(topic) })),
    );
    if (signal.aborted) return;
    const task = standby.task = new StandbyTask(topology, id, { stores, incarnation });
    const fits = logs.every(({ topic, begin, end }) => {
      const position = task.position(topic);
      return position !== undefined && position >= begin[partition]! && position <= end[partition]!;
    });
    if (!fits) task.clear();
    const from = logs.map(({ topic, begin }) => task.position(topic) ?? begin[partition]!);
    const reader = this.#reader ??= this.#openReader();
    for (const [i, topic] of changelogs.entries()) {
      this.#followers.set(topicPartitionKey({ topic, partition }), standby);
      await reader.assign({ topic, partition }, from[i]!);
      if (signal.aborted || standby.task !== task) return;
    }
  }

  #openReader(): ChangelogReader {
    const reader = this.#options.reader({
      maxWaitMs: 500,
      onRecords: (fetched) => this.#received(fetched),
      onAnswer: (partition) => {
        const standby = this.#followers.get(topicPartitionKey(partition));
        if (standby && (this.#lag(standby) ?? Infinity) <= ACCEPTABLE_LAG) standby.upToDate = true;
      },
      // Rows are missing, or belong to a topic that is gone.
      onGap: (partition) => {
        const standby = this.#followers.get(topicPartitionKey(partition));
        if (standby) this.#beginAgain(standby);
      },
    });
    reader.failed.catch((error) => {
      for (const standby of this.#all()) this.#giveUp(standby, error);
    });
    return reader;
  }

  #received(fetched: Fetched): void {
    const standby = this.#followers.get(topicPartitionKey(fetched));
    try {
      standby?.task?.restore(fetched.topic, restorable(fetched));
    } catch (error) {
      this.#failed(standby!, error);
    }
  }

  /** A damaged file is read again; other failures end it. */
  #failed(standby: Standby, error: unknown): void {
    if (mayPass(error)) this.#beginAgain(standby);
    else this.#giveUp(standby, error);
  }

  #beginAgain(standby: Standby): void {
    // What the rows are worth is not known any more.
    if (standby.task) standby.task.incarnation = undefined;
    this.#closeTask(standby);
    standby.upToDate = false;
    void this.#open(standby);
  }

  /** Without its copy a task is as safe as without standbys: no worker ends for that. */
  #giveUp(standby: Standby, error: unknown): void {
    standby.released.abort();
    this.#closeTask(standby);
    this.#standbys.delete(standby.name);
    const why = error instanceof Error ? error.message : String(error);
    this.#options.emit({ kind: "standbyLost", task: standby.name, why });
  }

  #release(standby: Standby): void {
    standby.released.abort();
    try {
      if (standby.task) this.#commit(standby, standby.task);
    } catch {
      // Its rows are read again.
    }
    this.#closeTask(standby);
    this.#standbys.delete(standby.name);
  }

  #closeTask(standby: Standby): void {
    for (const topic of changelogsOf(this.#options.topology, standby.id)) {
      const place = { topic, partition: standby.id.partition }, key = topicPartitionKey(place);
      if (this.#followers.get(key) !== standby) continue;
      this.#reader?.unassign(place);
      this.#followers.delete(key);
    }
    standby.task?.close();
    standby.task = undefined;
  }

  #commit({ id }: Standby, task: StandbyTask): void {
    const positions = task.changelogs.flatMap((topic) => {
      const at = this.#reader?.position({ topic, partition: id.partition });
      return at === undefined ? [] : [[topic, at] as const];
    });
    task.commit(Object.fromEntries(positions));
  }

  async #incarnation(id: TaskId): Promise<string | undefined> {
    const found = await this.#options.committed(id);
    return incarnationOf(found.find(({ metadata }) => metadata)?.metadata ?? "");
  }

  /** Records of its changelogs that are not in its rows yet; null before all of them were looked at. */
  #lag({ id: { partition }, task }: Standby): number | null {
    if (!task) return null;
    let lag = 0;
    for (const topic of task.changelogs) {
      const place = { topic, partition };
      const end = this.#reader?.end(place), at = this.#reader?.position(place);
      if (end === undefined || at === undefined) return null;
      lag += Math.max(0, end - at);
    }
    return lag;
  }
}

/** The standbys of a worker whose tasks are these. */
export function standbysOf(
  { kafka, topology, plan, stores, member, emit }: WorkerContext,
  tasks: Pick<TaskManager, "partitionsOf">,
): StandbySet {
  return new StandbySet({
    topology,
    tasks: plan.tasks,
    stores,
    reader: (options) => new Fetcher(kafka, options),
    committed: (id) =>
      member.coordinator.committed(tasks.partitionsOf([taskName(id)]), { stable: false }),
    bounds: async (topic) => {
      const { topics } = kafka;
      const [begin, end] = await Promise.all([
        topics.beginOffsets(topic),
        topics.endOffsets(topic),
      ]);
      return { begin, end };
    },
    emit,
  });
}

/** Whether another attempt may end better; a damaged file is made again. */
function mayPass(error: unknown): boolean {
  return error instanceof StoreError
    ? error.damaged
    : error instanceof Error && (error as { readonly retriable?: boolean }).retriable === true;
}
