/**
 * What a worker says about itself: its counters as they are, gathered once a second and never while a record is
 * processed.
 *
 * @module
 */
import type { TaskStatus, WorkerStatus } from "../../views/mod.ts";
import type { WorkerEvent } from "./context.ts";
import type { StreamTask } from "./stream_task.ts";
import type { Worker } from "./worker.ts";

/** Who a worker is, from its start to its end. */
export type WorkerIdentity = Pick<
  WorkerStatus,
  "worker" | "name" | "host" | "process" | "startedMs"
>;

/** How far a restore has come. */
export type Restoring = Extract<WorkerEvent, { readonly kind: "restoring" }>;

/** The status of a worker at this moment. */
export function workerStatus(
  worker: Worker,
  { who, restoring }: {
    readonly who: WorkerIdentity;
    readonly restoring: ReadonlyMap<string, Restoring>;
  },
): Omit<WorkerStatus, "atMs"> {
  const { context, tasks, standbys, settled } = worker, running = tasks.running();
  const names = new Set(running.map(({ name }) => name));
  const opening = tasks.names().filter((name) => !names.has(name));
  return {
    kind: "worker",
    app: context.topology.appId,
    ...who,
    memberId: context.identity()?.memberId ?? null,
    guarantee: context.guarantee,
    server: worker.server?.url ?? null,
    state: settled ? "running" : opening.length > 0 ? "restoring" : "rebalancing",
    tasks: [
      ...running.map((task) => runningTask(worker, task)),
      ...opening.map((name) => openingTask(name, restoring.get(name))),
    ].sort((a, b) => a.task < b.task ? -1 : 1),
    standbys: standbys.status(),
  };
}

function runningTask({ context: { fetcher } }: Worker, task: StreamTask): TaskStatus {
  const { processed, errors, streamTime, nodes, rows } = task.task.metrics();
  const positions = task.positions();
  return {
    task: task.name,
    state: "running",
    processed,
    errors,
    streamTimeMs: streamTime,
    inputs: task.sourcePartitions.map((place) => {
      const end = fetcher.end(place), at = positions.get(place.topic);
      const lag = end === undefined || at === undefined ? null : Math.max(0, end - at);
      return { ...place, lag, position: at ?? null };
    }),
    nodes,
    rows,
  };
}

function openingTask(task: string, restoring: Restoring | undefined): TaskStatus {
  const none = { processed: 0, errors: 0, streamTimeMs: -1, inputs: [], nodes: {}, rows: {} };
  if (!restoring) return { task, state: "restoring", ...none };
  const { restored: records, total = null } = restoring;
  return { task, state: "restoring", restored: { records, total }, ...none };
}
