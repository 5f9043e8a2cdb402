/**
 * The tasks of one worker: those that run, and those that are being opened.
 *
 * @module
 */
import { topicPartitionKey } from "../../serde/mod.ts";
import { sleep } from "../../async/mod.ts";
import type { TopicPartition } from "../../views/mod.ts";
import { StoreError } from "../state/store_error.ts";
import { type TaskId, taskName } from "../topology/plan.ts";
import type { WorkerContext } from "./context.ts";
import { StreamTask } from "./stream_task.ts";
import { watchSources } from "./watch_sources.ts";

/** A task that is being opened: its stores are restored. */
interface Opening {
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** Callbacks of a {@link TaskManager}. */
export interface TaskManagerListener {
  /** A task has begun to run. */
  readonly onReady: () => void;
  /** A task cannot be opened, or the tasks are no longer the right ones, for a reason that will not pass. */
  readonly onFailed: (error: unknown) => void;
}

/** Retries of a task that could not be opened. */
const OPEN_RETRY = { times: 20, maxMs: 2_000 };

/** Follows the assignment: opens what is new, keeps what stays, closes what is gone. */
export class TaskManager {
  readonly #context: WorkerContext;
  readonly #listener: TaskManagerListener;
  readonly #ids: ReadonlyMap<string, TaskId>;
  readonly #unwatch: () => void;
  readonly #running = new Map<string, StreamTask>();
  readonly #opening = new Map<string, Opening>();
  readonly #owners = new Map<string, StreamTask>();

  constructor(context: WorkerContext, listener: TaskManagerListener) {
    this.#context = context;
    this.#listener = listener;
    this.#unwatch = watchSources(context, listener.onFailed);
    this.#ids = new Map(context.plan.tasks.map((id) => [taskName(id), id]));
  }

  /** Names of all tasks, opening ones too. */
  names(): readonly string[] {
    return [...this.#running.keys(), ...this.#opening.keys()].sort();
  }

  /** The tasks that process records, in the order of their names. */
  running(): readonly StreamTask[] {
    return [...this.#running.values()];
  }

  /** Whether tasks are still being opened. */
  get opening(): number {
    return this.#opening.size;
  }

  /** Resolves when no task is being opened. */
  async settled(): Promise<void> {
    while (this.#opening.size > 0) {
      await Promise.all([...this.#opening.values()].map(({ done }) => done));
    }
  }

  /** The task that reads a partition. */
  owner(topic: string, partition: number): StreamTask | undefined {
    return this.#owners.get(topicPartitionKey({ topic, partition }));
  }

  /** The partitions that come with tasks. */
  partitionsOf(names: readonly string[]): TopicPartition[] {
    const { topology, partitions } = this.#context;
    return names.flatMap((name) => {
      const { subTopology, partition } = this.#ids.get(name)!;
      return topology.subTopologies[subTopology]!.sourceTopics
        .filter((topic) => partition < partitions(topic))
        .map((topic) => ({ topic, partition }));
    });
  }

  /** Names of all tasks of the application, including those that other workers run. */
  get all(): readonly string[] {
    return [...this.#ids.keys()];
  }

  /** Closes the tasks that go to other workers. `dirty`: discards what was not committed. */
  async giveUp(
    partitions: readonly TopicPartition[],
    options: { readonly dirty: boolean },
  ): Promise<void> {
    const gone = this.namesOf(partitions);
    await this.#close((name) => gone.has(name), options);
  }

  /** Applies a new assignment. Not `kept`: others may have had our tasks meanwhile, so nothing in memory counts. */
  async applyAssignment(
    partitions: readonly TopicPartition[],
    { kept }: { readonly kept: boolean },
  ): Promise<void> {
    const wanted = this.namesOf(partitions);
    await this.#close((name) => !kept || !wanted.has(name), { dirty: !kept });
    for (const name of [...wanted].sort()) {
      if (!this.#running.has(name) && !this.#opening.has(name)) this.#open(name);
    }
  }

  /** Closes a task whose last commit failed, and reopens it from its committed offsets. */
  async reopen(task: StreamTask, error: unknown): Promise<void> {
    const why = error instanceof Error ? error.message : String(error);
    this.#context.emit({ kind: "lost", task: task.name, why });
    await this.#drop(task, { dirty: true });
    this.#open(task.name);
  }

  /** Lets a task process. Damaged rows are restored from the changelog; any other error ends the worker. */
  async process(task: StreamTask, maxRecords: number): Promise<boolean> {
    try {
      return await task.process(maxRecords);
    } catch (error) {
      if (!isDamage(error)) throw error;
      await this.reopen(task, error);
      return true;
    }
  }

  /** Closes everything. */
  async closeAll(options: { readonly dirty: boolean }): Promise<void> {
    this.#unwatch();
    await this.#close(() => true, options);
  }

  async #close(
    isGone: (name: string) => boolean,
    options: { readonly dirty: boolean },
  ): Promise<void> {
    for (const [name, { abort, done }] of [...this.#opening]) {
      if (!isGone(name)) continue;
      abort.abort(new Error("the task was taken away"));
      await done;
    }
    for (const task of this.running()) if (isGone(task.name)) await this.#drop(task, options);
  }

  async #drop(task: StreamTask, options: { readonly dirty: boolean }): Promise<void> {
    this.#running.delete(task.name);
    this.#disown(task.name);
    await task.close(options);
  }

  #disown(name: string): void {
    for (const [partition, task] of this.#owners) {
      if (task.name === name) this.#owners.delete(partition);
    }
  }

  #open(name: string): void {
    const abort = new AbortController();
    const done = this.#tryToOpen(name, abort.signal).then((task) => {
      if (!task) return;
      this.#running.set(name, task);
      this.#listener.onReady();
    }).catch((error) => {
      if (!abort.signal.aborted) this.#listener.onFailed(error);
    }).finally(() => this.#opening.delete(name));
    this.#opening.set(name, { abort, done });
  }

  async #tryToOpen(name: string, signal: AbortSignal): Promise<StreamTask | undefined> {
    for (let attempt = 1;; attempt++) {
      try {
        return await StreamTask.open(this.#context, this.#ids.get(name)!, signal, (task) => {
          for (const { topic, partition } of task.sourcePartitions) {
            this.#owners.set(topicPartitionKey({ topic, partition }), task);
          }
        });
      } catch (error) {
        this.#disown(name);
        if (signal.aborted) return undefined;
        if (attempt >= OPEN_RETRY.times || !isRetriable(error)) throw error;
        await sleep(Math.min(50 * 2 ** attempt, OPEN_RETRY.maxMs));
        if (signal.aborted) return undefined;
      }
    }
  }

  /** Names of the tasks that partitions belong to. */
  namesOf(partitions: readonly TopicPartition[]): ReadonlySet<string> {
    const { topology } = this.#context;
    const names = new Set<string>();
    for (const { topic, partition } of partitions) {
      const sub = topology.subTopologies.find(({ sourceTopics }) => sourceTopics.includes(topic));
      if (sub) names.add(taskName({ subTopology: sub.id, partition }));
    }
    return names;
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof StoreError && error.damaged;
}

function isRetriable(error: unknown): boolean {
  return isDamage(error) ||
    error instanceof Error && (error as { retriable?: boolean }).retriable === true;
}
