/**
 * Commits: outputs and changelogs first, then the rows on disk and the offsets. Exactly once, outputs and offsets are one.
 *
 * @module
 */
import { KafkaError } from "../../kafka/mod.ts";
import { StoreError } from "../state/store_error.ts";
import type { WorkerContext } from "./context.ts";
import { asMember } from "./membership.ts";
import type { StreamTask } from "./stream_task.ts";

/** A task whose commit failed: how much of it counts is unknown, so it has to be reopened. */
export interface FailedCommit {
  readonly task: StreamTask;
  readonly error: unknown;
}

/** Limit of the pause that a slow commit causes. */
const MAX_REST_MS = 1_000;

/** How a commit is made. */
export interface CommitOptions {
  /** At least once, let processing go on while the group notes the offsets; the next commit waits for that. @default false */
  readonly async?: boolean;
}

/**
 * The commits of one worker, one at a time. One that took long, as a busy worker's do, is followed later by the next,
 * so that four fifths of the time go into processing.
 */
export class Commits {
  readonly #context: WorkerContext;
  #lastMs = 0;
  #tookMs = 0;
  /** An asynchronous offset commit; the next commit waits for it, and throws what it failed with. */
  #underWay: Promise<void> | undefined;

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  /** Whether the next commit is due. */
  get isDue(): boolean {
    const { options, guarantee } = this.#context;
    // Exactly once, results are seen no sooner.
    const everyMs = options.commitIntervalMs ?? (guarantee === "exactly-once" ? 100 : 200);
    const restMs = Math.max(everyMs, Math.min(4 * this.#tookMs, MAX_REST_MS));
    return performance.now() - this.#lastMs >= restMs;
  }

  /**
   * Commits the progress of tasks.
   *
   * @returns The tasks to reopen; at least once there are none
   * @throws At least once: whatever writing or committing failed with, this time, or the last asynchronous commit failed with
   */
  async make(
    tasks: readonly StreamTask[],
    { async = false }: CommitOptions = {},
  ): Promise<readonly FailedCommit[]> {
    const beganMs = performance.now();
    try {
      await this.#settle();
      if (this.#context.guarantee === "exactly-once") return await this.#commitEach(tasks);
      this.#commitAsync((await writeTogether(this.#context, tasks))?.committed);
      if (!async) await this.#settle();
      return [];
    } finally {
      this.#lastMs = performance.now();
      this.#tookMs = this.#lastMs - beganMs;
    }
  }

  /** Does not wait for the commit that is under way: nobody needs it any more. */
  abandon(): void {
    this.#underWay = undefined;
  }

  /** Whether no asynchronous commit is under way. */
  get settled(): boolean {
    return this.#underWay === undefined;
  }

  #commitAsync(committed: Promise<void> | undefined): void {
    this.#underWay = committed;
    committed?.then(() => {
      if (this.#underWay === committed) this.#underWay = undefined;
    }, () => {});
  }

  async #settle(): Promise<void> {
    const underWay = this.#underWay;
    this.#underWay = undefined;
    await underWay;
  }

  async #commitEach(tasks: readonly StreamTask[]): Promise<FailedCommit[]> {
    const failed: FailedCommit[] = [];
    await Promise.all(tasks.map((task) =>
      commitTransaction(this.#context, task).catch((error) => {
        failed.push({ task, error });
      })
    ));
    return failed;
  }
}

/** Errors about the data, not the writer: another attempt would end the same way. */
const FATAL =
  /TOO_LARGE|INVALID_TIMESTAMP|INVALID_RECORD|UNKNOWN_TOPIC|INVALID_TOPIC|POLICY_VIOLATION|AUTHORIZATION/;

/** Whether a task that failed to commit would fail again after it is reopened. */
export function isFatal(error: unknown): boolean {
  return error instanceof StoreError ||
    error instanceof KafkaError && error.code !== undefined && FATAL.test(error.code);
}

/**
 * Offsets may lag behind what was written, never the other way round: nothing is lost, some may come again.
 *
 * @returns The commit of the offsets, started; in an object, so that it is not awaited
 */
async function writeTogether(
  context: WorkerContext,
  tasks: readonly StreamTask[],
): Promise<{ readonly committed: Promise<void> } | undefined> {
  const { sharedWriter, member, options } = context;
  const all = tasks.map((task) => ({ task, offsets: task.progress() }));
  const moved = all.filter(({ offsets }) => offsets.length > 0);
  if (moved.length > 0) await options.onCommitStep?.("begun", undefined);
  // A punctuator changes rows without a record.
  for (const { task } of all) await task.logChanges();
  await sharedWriter!.flush();
  if (moved.length === 0) return undefined;
  await options.onCommitStep?.("written", undefined);
  // The rows on disk are as the changelog has them from now on, whether the offsets follow or not.
  for (const { task } of moved) task.markWritten();
  const commitOffsets = async () => {
    const together = moved.flatMap(({ offsets }) => offsets);
    await asMember(context, (as) => member.coordinator.commit(together, as));
    for (const { task, offsets } of moved) task.markCommitted(offsets);
    await options.onCommitStep?.("offsets", undefined);
    await options.onCommitStep?.("committed", undefined);
  };
  return { committed: commitOffsets() };
}

/** Outputs, changelog and offsets of one task count together or not at all. See: KIP-447 */
async function commitTransaction(context: WorkerContext, task: StreamTask): Promise<void> {
  const { member, options } = context;
  const offsets = task.progress();
  if (offsets.length > 0) await options.onCommitStep?.("begun", task.name);
  await task.logChanges();
  await task.writer.flush();
  if (offsets.length === 0 && !task.session!.pending) return;
  await options.onCommitStep?.("written", task.name);
  await task.session!.commit(member, offsets, {
    as: (commit) => asMember(context, commit),
    beforeEnd: () => options.onCommitStep?.("offsets", task.name),
  });
  await options.onCommitStep?.("committed", task.name);
  if (offsets.length === 0) return;
  task.markCommitted(offsets);
  task.markWritten();
}
