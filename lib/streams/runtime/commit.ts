/**
 * Commits: outputs and changelogs first, then offsets, then the rows on disk. Exactly once, the first two are one.
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

/**
 * When to commit. A commit that took long, as a busy worker's do, is followed later by the next one, so that four
 * fifths of the time go into processing.
 */
export class CommitPace {
  #lastMs = 0;
  #tookMs = 0;

  /** Whether the next commit is due. */
  isDue({ options, guarantee }: WorkerContext): boolean {
    // Exactly once, results are seen no sooner.
    const everyMs = options.commitIntervalMs ?? (guarantee === "exactly-once" ? 100 : 200);
    const restMs = Math.max(everyMs, Math.min(4 * this.#tookMs, MOST_REST_MS));
    return performance.now() - this.#lastMs >= restMs;
  }

  /** Notes that a commit begins; call what it gives when that has ended. */
  begin(): () => void {
    const beganMs = performance.now();
    return () => {
      this.#lastMs = performance.now();
      this.#tookMs = this.#lastMs - beganMs;
    };
  }
}

/**
 * Commits the progress of tasks.
 *
 * @returns The tasks that must be opened again; at least once there are none
 * @throws At least once: whatever writing or committing failed with
 */
export async function commit(
  context: WorkerContext,
  tasks: readonly LiveTask[],
): Promise<readonly FailedCommit[]> {
  if (context.guarantee === "at-least-once") {
    await commitTogether(context, tasks);
    return [];
  }
  const failed: FailedCommit[] = [];
  await Promise.all(tasks.map((live) =>
    commitAlone(context, live).catch((error) => {
      failed.push({ live, error });
    })
  ));
  return failed;
}

/** Refusals of what is written, not of who writes: another attempt would end the same way. */
const HOPELESS =
  /TOO_LARGE|INVALID_TIMESTAMP|INVALID_RECORD|UNKNOWN_TOPIC|INVALID_TOPIC|POLICY_VIOLATION|AUTHORIZATION/;

/** Whether a task that failed to commit would fail again if it were opened anew. */
export function isHopeless(error: unknown): boolean {
  return error instanceof StoreError ||
    error instanceof KafkaError && error.code !== undefined && HOPELESS.test(error.code);
}

/** Offsets may lag behind what was written, never the other way round: nothing is lost, some may come again. */
async function commitTogether(
  { sharedWriter, member, identity, options }: WorkerContext,
  tasks: readonly LiveTask[],
): Promise<void> {
  const all = tasks.map((live) => ({ live, offsets: live.progress() }));
  const moved = all.filter(({ offsets }) => offsets.length > 0);
  if (moved.length > 0) await options.onCommitStep?.("begun", undefined);
  // A punctuator changes rows without a record.
  for (const { live } of all) await live.logChanges();
  await sharedWriter!.flush();
  if (moved.length === 0) return;
  await options.onCommitStep?.("written", undefined);
  await member.commit(moved.flatMap(({ offsets }) => offsets), identity());
  await options.onCommitStep?.("offsets", undefined);
  for (const { live, offsets } of moved) live.markCommitted(offsets);
  await options.onCommitStep?.("committed", undefined);
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
