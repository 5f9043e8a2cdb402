/**
 * Brings a task's stores to where its changelogs end.
 *
 * @module
 */
import { readyRows } from "../task/ready.ts";
import type { Task } from "../task/task.ts";
import type { TaskStore } from "../state/task_store.ts";
import type { WorkerContext } from "./context.ts";
import { restore, type RestoreJob } from "./restore.ts";

/**
 * Reads what the stores do not have yet: all of each changelog, or what came after their checkpoint.
 *
 * A checkpoint that the changelog does not reach, or no longer holds the rest of, is worth nothing: its rows are
 * discarded and all of it is read. Afterwards the rows are durable together with their new checkpoint.
 *
 * @param options.keepsRows Whether the rows belong to the same incarnation of the application as its offsets
 * @returns How many records were read
 */
export async function restoreTask(
  context: WorkerContext,
  task: Task,
  { signal, keepsRows }: { readonly signal: AbortSignal; readonly keepsRows: boolean },
): Promise<number> {
  const logged = [...task.stores.values()].filter(({ changelogTopic }) => changelogTopic !== null);
  if (logged.length === 0) return 0;
  const jobs = await Promise.all(
    logged.map((store) => jobFor(context, task, { store, keepsRows })),
  );
  const { restored, ends } = await restore(context.kafka, jobs, {
    signal,
    onProgress: ({ restored, total }) =>
      context.emit({ kind: "restoring", task: task.name, restored, total }),
  });
  await readyRows(task.stores.values());
  task.commit(Object.fromEntries(ends));
  return restored;
}

async function jobFor(
  { kafka }: WorkerContext,
  task: Task,
  { store, keepsRows }: { readonly store: TaskStore; readonly keepsRows: boolean },
): Promise<RestoreJob> {
  const topic = store.changelogTopic!, { partition } = task;
  const [begins, ends] = await Promise.all([
    kafka.topics.beginOffsets(topic),
    kafka.topics.endOffsets(topic),
  ]);
  const begin = begins[partition]!, end = ends[partition]!;
  const checkpoint = task.checkpoint()?.offsets[topic];
  const usable = keepsRows && checkpoint !== undefined && checkpoint >= begin && checkpoint <= end;
  if (!usable) store.clear();
  return {
    topic,
    partition,
    from: usable ? checkpoint : begin,
    end,
    restore: (records) => store.restore(records),
  };
}
