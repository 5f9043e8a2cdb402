/**
 * Commits: outputs and changelogs first, then the rows on disk and the offsets. Exactly once, outputs and offsets are one.
 *
 * @module
 */
import { KafkaError } from "../../kafka/mod.ts";
import { StoreError } from "../state/store_error.ts";
import type { WorkerContext } from "./context.ts";
import type { LiveTask } from "./live_task.ts";

/** A task whose commit failed: nobody knows how much of it counts, so it has to be opened again. */
export interface FailedCommit {
  readonly live: LiveTask;
  readonly error: unknown;
}

/** Most time between two commits that is given for their cost. */
const MOST_REST_MS = 1_000;

/** How a commit is made. */
export interface CommitOptions {
  /** At least once, let processing go on while the group notes the offsets; the next commit waits for that. @default false */
  readonly beside?: boolean;
}

/**
 * The commits of one worker, one at a time. One that took long, as a busy worker's do, is followed later by the next,
 * so that four fifths of the time go into processing.
 */
export class Commits {
  readonly #context: WorkerContext;
  #lastMs = 0;
  #tookMs = 0;
  /** Offsets on their way to the group; nobody hears of their failure but the next commit. */
  #underWay: Promise<void> | undefined;

  constructor(context: WorkerContext) {
    this.#context = context;
  }

  /** Whether the next commit is due. */
  get isDue(): boolean {
    const { options, guarantee } = this.#context;
    // Exactly once, results are seen no sooner.
    const everyMs = options.commitIntervalMs ?? (guarantee === "exactly-once" ? 100 : 200);
    const restMs = Math.max(everyMs, Math.min(4 * this.#tookMs, MOST_REST_MS));
    return performance.now() - this.#lastMs >= restMs;
  }

  /**
   * Commits the progress of tasks.
   *
   * @returns The tasks that must be opened again; at least once there are none
   * @throws At least once: whatever writing or committing failed with, this time or, beside the work, the last time
   */
  async make(
    tasks: readonly LiveTask[],
    { beside = false }: CommitOptions = {},
  ): Promise<readonly FailedCommit[]> {
    const beganMs = performance.now();
    try {
      await this.#settle();
      if (this.#context.guarantee === "exactly-once") return await this.#makeAlone(tasks);
      this.#letGoOn((await writeTogether(this.#context, tasks))?.noted);
      if (!beside) await this.#settle();
      return [];
    } finally {
      this.#lastMs = performance.now();
      this.#tookMs = this.#lastMs - beganMs;
    }
  }

  /** Whether the group knows everything that tasks hold for committed. */
  get settled(): boolean {
    return this.#underWay === undefined;
  }

  #letGoOn(noted: Promise<void> | undefined): void {
    this.#underWay = noted;
    noted?.then(() => {
      if (this.#underWay === noted) this.#underWay = undefined;
    }, () => {});
  }

  async #settle(): Promise<void> {
    const underWay = this.#underWay;
    this.#underWay = undefined;
    await underWay;
  }

  async #makeAlone(tasks: readonly LiveTask[]): Promise<FailedCommit[]> {
    const failed: FailedCommit[] = [];
    await Promise.all(tasks.map((live) =>
      commitAlone(this.#context, live).catch((error) => {
        failed.push({ live, error });
      })
    ));
    return failed;
  }
}

/** Refusals of what is written, not of who writes: another attempt would end the same way. */
const HOPELESS =
  /TOO_LARGE|INVALID_TIMESTAMP|INVALID_RECORD|UNKNOWN_TOPIC|INVALID_TOPIC|POLICY_VIOLATION|AUTHORIZATION/;

/** Whether a task that failed to commit would fail again if it were opened anew. */
export function isHopeless(error: unknown): boolean {
  return error instanceof StoreError ||
    error instanceof KafkaError && error.code !== undefined && HOPELESS.test(error.code);
}

/**
 * Offsets may lag behind what was written, never the other way round: nothing is lost, some may come again.
 *
 * @returns The group's noting of the offsets, begun; a promise in an object, or it would be waited for
 */
async function writeTogether(
  { sharedWriter, member, identity, options }: WorkerContext,
  tasks: readonly LiveTask[],
): Promise<{ readonly noted: Promise<void> } | undefined> {
  const all = tasks.map((live) => ({ live, offsets: live.progress() }));
  const moved = all.filter(({ offsets }) => offsets.length > 0);
  if (moved.length > 0) await options.onCommitStep?.("begun", undefined);
  // A punctuator changes rows without a record.
  for (const { live } of all) await live.logChanges();
  await sharedWriter!.flush();
  if (moved.length === 0) return undefined;
  await options.onCommitStep?.("written", undefined);
  // The rows on disk are as the changelog has them from now on, whether the offsets follow or not.
  for (const { live, offsets } of moved) live.markCommitted(offsets);
  const note = async () => {
    await member.coordinator.commit(moved.flatMap(({ offsets }) => offsets), identity());
    await options.onCommitStep?.("offsets", undefined);
    await options.onCommitStep?.("committed", undefined);
  };
  return { noted: note() };
}

/** Outputs, changelog and offsets of one task count together or not at all. See: KIP-447 */
async function commitAlone(context: WorkerContext, live: LiveTask): Promise<void> {
  const { member, identity, options } = context;
  const offsets = live.progress();
  if (offsets.length > 0) await options.onCommitStep?.("begun", live.name);
  await live.logChanges();
  await live.writer.flush();
  if (offsets.length === 0 && !live.session!.pending) return;
  await options.onCommitStep?.("written", live.name);
  await live.session!.commit(member, offsets, {
    as: identity(),
    beforeEnd: () => options.onCommitStep?.("offsets", live.name),
  });
  await options.onCommitStep?.("committed", live.name);
  if (offsets.length > 0) live.markCommitted(offsets);
}
