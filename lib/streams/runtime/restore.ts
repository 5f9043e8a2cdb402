/**
 * Fills the stores of a task from their changelogs before it processes anything.
 *
 * @module
 */
import { topicPartitionKey } from "../../serde/mod.ts";
import { type Fetched, Fetcher, type LogRecord } from "../../kafka/engine.ts";
import { type Kafka } from "../../kafka/mod.ts";

/** One changelog partition to read. */
export interface RestoreJob {
  readonly topic: string;
  readonly partition: number;
  /** First offset that is not in the store yet. */
  readonly from: number;
  /** Where the changelog ends, as far as is known. */
  readonly end: number;
  /** Takes the rows, in order. */
  readonly restore: (records: readonly LogRecord[]) => void;
}

/** How far a restore has come. */
export interface RestoreProgress {
  readonly restored: number;
  /** Records there are to read; undefined until every partition has answered once. */
  readonly total: number | undefined;
}

/**
 * Reads every changelog to its end as it is now; records of open or aborted transactions are left out.
 *
 * @returns How many records were read, and each changelog's next offset
 * @throws {KafkaError} If a changelog cannot be read
 * @throws The signal's reason, when it aborts first
 */
export async function restore(
  kafka: Kafka,
  jobs: readonly RestoreJob[],
  options: {
    readonly signal: AbortSignal;
    readonly onProgress?: (progress: RestoreProgress) => void;
  },
): Promise<{ readonly restored: number; readonly ends: ReadonlyMap<string, number> }> {
  options.signal.throwIfAborted();
  // Kafka holds an answer back while there is nothing new.
  if (jobs.every(({ from, end }) => from >= end)) {
    return { restored: 0, ends: new Map(jobs.map(({ topic, from }) => [topic, from])) };
  }
  const byName = new Map(jobs.map((job) => [topicPartitionKey(job), job]));
  const ends = new Map<RestoreJob, number>();
  const done = Promise.withResolvers<void>();
  // It may be told to stop before anybody waits.
  done.promise.catch(() => {});
  let restored = 0;
  const fetcher = new Fetcher(kafka, {
    onRecords: (fetched) => {
      const job = byName.get(topicPartitionKey(fetched))!;
      // Only this task writes its changelog, and it does not run yet: what is there is what was committed.
      job.restore(restorable(fetched));
      restored += fetched.records.length;
    },
    onAnswer: (partition) => {
      const job = byName.get(topicPartitionKey(partition))!;
      const end = ends.get(job) ?? fetcher.end(partition)!;
      ends.set(job, end);
      if (fetcher.position(partition)! >= end) fetcher.pause(partition);
      const total = ends.size < jobs.length ? undefined : totalOf(ends);
      options.onProgress?.({ restored, total });
      const complete = ends.size === jobs.length &&
        jobs.every((one) => fetcher.position(one)! >= ends.get(one)!);
      if (complete) done.resolve();
    },
  });
  const stopped = () => done.reject(options.signal.reason);
  options.signal.addEventListener("abort", stopped);
  try {
    await Promise.all(jobs.map((job) => fetcher.assign(job, job.from)));
    await Promise.race([done.promise, fetcher.failed]);
    return { restored, ends: new Map(jobs.map((job) => [job.topic, fetcher.position(job)!])) };
  } finally {
    options.signal.removeEventListener("abort", stopped);
    await fetcher.close();
  }
}

/** The records of a changelog. @throws {Error} If one of them cannot be read: rows would be missing */
export function restorable(
  { topic, partition, records }: Pick<Fetched, "topic" | "partition" | "records">,
): readonly LogRecord[] {
  const lost = records.find(({ unreadable }) => unreadable);
  if (!lost) return records;
  throw new Error(
    `Cannot restore from ${topic}-${partition}-${lost.offset}: ${lost.unreadable!.error.message} ` +
      "(run the worker with --reset to compute its tables again)",
  );
}

function totalOf(ends: ReadonlyMap<RestoreJob, number>): number {
  let total = 0;
  for (const [job, end] of ends) total += Math.max(0, end - job.from);
  return total;
}
