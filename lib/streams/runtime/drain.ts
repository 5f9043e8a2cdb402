/**
 * Runs an application until it has caught up with what was there when it started.
 *
 * @module
 */
import { sleep } from "../../async/mod.ts";
import type { TopicPartition } from "../../views/mod.ts";
import type { Worker } from "./worker.ts";

/** A partition, and how far it has to be committed. */
interface Goal extends TopicPartition {
  readonly end: number;
}

/**
 * Resolves when everything that stood in the source topics at the call is processed, what it gave has passed the
 * repartition topics, and all of it is committed; by this worker or by others of the group.
 *
 * @throws What ended the worker, if it ends first
 */
export async function drain(worker: Worker): Promise<void> {
  const given = new AbortController();
  const ended = worker.done.then(() => {
    throw new Error("Cannot drain: the worker was stopped");
  });
  try {
    await Promise.race([drained(worker, given.signal), ended]);
  } finally {
    given.abort();
  }
}

async function drained(worker: Worker, signal: AbortSignal): Promise<void> {
  const { nodes, subTopologies } = worker.context.topology;
  // Global tables are read beside the group.
  const read = new Set(subTopologies.flatMap(({ sourceTopics }) => sourceTopics));
  const sources = nodes.flatMap(({ source }) => source && read.has(source.topic) ? [source] : []);
  const external = sources.filter(({ internal }) => !internal).map(({ topic }) => topic);
  const internal = sources.filter((source) => source.internal).map(({ topic }) => topic);
  await committed(worker, { goals: await goalsOf(worker, external), signal });
  // Each round brings what the sources gave one sub-topology further, however much comes in meanwhile.
  let before: string | undefined;
  for (let round = 0; round < subTopologies.length; round++) {
    const goals = await goalsOf(worker, internal), now = JSON.stringify(goals);
    if (now === before) break;
    before = now;
    await committed(worker, { goals, signal });
  }
}

async function goalsOf(worker: Worker, topics: readonly string[]): Promise<Goal[]> {
  const { kafka } = worker.context;
  const found = await Promise.all(
    [...new Set(topics)].map(async (topic) =>
      (await kafka.topics.endOffsets(topic)).map((end, partition) => ({ topic, partition, end }))
    ),
  );
  return found.flat().filter(({ end }) => end > 0);
}

/** Waits until the group has committed all goals and this worker's tasks are all open. */
async function committed(
  worker: Worker,
  { goals, signal }: { readonly goals: readonly Goal[]; readonly signal: AbortSignal },
): Promise<void> {
  let left = goals;
  for (let waitMs = 5; !signal.aborted; waitMs = Math.min(waitMs * 1.5, 100)) {
    if (worker.settled && left.every((goal) => isProcessed(worker, goal))) {
      await worker.afterCommit(() => {});
      left = await uncommitted(worker, left);
      if (left.length === 0 && worker.settled) return;
    }
    await sleep(waitMs);
  }
}

/** Whether this worker has reached the goal; true for partitions of other workers. */
function isProcessed(worker: Worker, { topic, partition, end }: Goal): boolean {
  const task = worker.tasks.owner(topic, partition);
  return !task || (task.positions().get(topic) ?? -1) >= end;
}

async function uncommitted({ context }: Worker, goals: readonly Goal[]): Promise<Goal[]> {
  if (goals.length === 0) return [];
  const found = await context.member.coordinator.committed(goals, { stable: false });
  return goals.filter(({ topic, partition, end }) =>
    !found.some((one) => one.topic === topic && one.partition === partition && one.offset >= end)
  );
}
