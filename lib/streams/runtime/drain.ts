/**
 * Runs an application until it has caught up with what was there when it started.
 *
 * @module
 */
import type { Worker } from "./worker.ts";

/** Where each partition of a topic has to be read to. */
type Ends = ReadonlyMap<string, readonly number[]>;

/**
 * Resolves when everything that stood in the source topics at the call is processed, repartition topics are empty, and
 * all of it is committed. Partitions of other workers count by what their group has committed.
 *
 * @throws What ended the worker, if it ends first
 */
export async function drain(worker: Worker): Promise<void> {
  const sources = worker.context.topology.nodes.flatMap(({ source }) => source ? [source] : []);
  const external = sources.filter(({ internal }) => !internal).map(({ topic }) => topic);
  const internal = sources.filter((source) => source.internal).map(({ topic }) => topic);
  const ended = worker.done.then(() => {
    throw new Error("Cannot drain: the worker was stopped");
  });
  ended.catch(() => {});
  await Promise.race([reached(worker, await endsOf(worker, external)), ended]);
  let before: string | undefined;
  for (;;) {
    await worker.afterCommit(() => {});
    const ends = await endsOf(worker, internal), now = JSON.stringify([...ends]);
    await Promise.race([reached(worker, ends), ended]);
    // Nothing came in between two rounds: what the last records gave is through as well.
    if (now === before) break;
    before = now;
  }
  await worker.afterCommit(() => {});
}

async function endsOf(worker: Worker, topics: readonly string[]): Promise<Ends> {
  const { kafka } = worker.context;
  return new Map(
    await Promise.all(
      [...new Set(topics)].map(async (topic) =>
        [topic, await kafka.topics.endOffsets(topic)] as const
      ),
    ),
  );
}

async function reached(worker: Worker, ends: Ends): Promise<void> {
  for (let waitMs = 5;; waitMs = Math.min(waitMs * 1.5, 100)) {
    const behind = [...ends].flatMap(([topic, offsets]) =>
      offsets.map((end, partition) => ({ topic, partition, end }))
    ).filter(({ topic, partition, end }) => end > 0 && !isThere(worker, topic, partition, end));
    const others = behind.filter(({ topic, partition }) => !worker.tasks.owner(topic, partition));
    if (behind.length === 0) return;
    if (others.length === behind.length && await committedByOthers(worker, others)) return;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

function isThere(worker: Worker, topic: string, partition: number, end: number): boolean {
  const live = worker.tasks.owner(topic, partition);
  return (live?.positions().get(topic) ?? -1) >= end;
}

async function committedByOthers(
  { context }: Worker,
  wanted: readonly { readonly topic: string; readonly partition: number; readonly end: number }[],
): Promise<boolean> {
  const committed = await context.member.committed(wanted, { stable: false });
  return wanted.every(({ topic, partition, end }) =>
    committed.some((one) => one.topic === topic && one.partition === partition && one.offset >= end)
  );
}
