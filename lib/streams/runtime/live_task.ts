/**
 * A task on the broker: its place in the log, its stores filled, its writer.
 *
 * @module
 */
import {
  type CommittedOffset,
  type GroupIdentity,
  type LogRecord,
  TransactionSession,
} from "../../kafka/mod.ts";
import { Task } from "../task/task.ts";
import { type TaskId, taskName } from "../topology/plan.ts";
import type { WorkerContext } from "./context.ts";
import { RecordWriter } from "./record_writer.ts";
import { restore, type RestoreJob } from "./restore.ts";

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** One task of this worker, from the moment it may run. */
export class LiveTask {
  readonly name: string;
  readonly places: readonly Place[];
  readonly #context: WorkerContext;
  #committed: ReadonlyMap<string, number> = new Map();
  #failed = false;
  /** The member as of the last time the group left this task here. */
  identity: GroupIdentity;

  private constructor(
    context: WorkerContext,
    readonly id: TaskId,
    readonly task: Task,
    readonly writer: RecordWriter,
    readonly session: TransactionSession | undefined,
  ) {
    this.#context = context;
    this.name = taskName(id);
    this.places = placesOf(context, id);
    this.identity = context.member.identity;
  }

  /**
   * Opens a task in the one order that is safe: fence the owner before, read where it stopped, restore, read on.
   *
   * @param onOwned Called before the first record is read, so that it can find its task
   * @throws The signal's reason, when the task is taken away meanwhile
   */
  static async open(
    context: WorkerContext,
    id: TaskId,
    signal: AbortSignal,
    onOwned: (live: LiveTask) => void,
  ): Promise<LiveTask> {
    const name = taskName(id), exactlyOnce = context.guarantee === "exactly-once";
    const places = placesOf(context, id);
    let session: TransactionSession | undefined, task: Task | undefined;
    try {
      if (exactlyOnce) {
        session = new TransactionSession(context.kafka, `${context.topology.appId}-${name}`);
        await session.begin();
      }
      const found = await context.member.committed(places, { stable: exactlyOnce });
      signal.throwIfAborted();
      task = makeTask(context, id);
      const metadata = found.find((one) => one.metadata)?.metadata;
      if (metadata) task.restoreMetadata(metadata);
      const restored = await restoreStores(context, task, signal);
      const writer = context.sharedWriter ??
        new RecordWriter(session!, { partitions: context.partitions });
      const live = new LiveTask(context, id, task, writer, session);
      onOwned(live);
      await live.#startReading(found);
      context.emit({ kind: "running", task: name, restored });
      return live;
    } catch (error) {
      task?.close({ dirty: true });
      await session?.close();
      throw error;
    }
  }

  /** Takes records that were read. */
  enqueue(topic: string, records: readonly LogRecord[]): void {
    this.task.enqueue(topic, records);
    const place = this.places.find((one) => one.topic === topic);
    const most = this.#context.options.bufferedRecords ?? 10_000;
    if (place && this.task.buffered(topic) > most) this.#context.fetcher.pause(place);
  }

  /** Processes at most so many records and hands what they gave to the writer. True if there was any work. */
  async process(mostRecords: number): Promise<boolean> {
    try {
      return await this.#process(mostRecords);
    } catch (error) {
      this.#failed = true;
      throw error;
    }
  }

  async #process(mostRecords: number): Promise<boolean> {
    const { task, writer } = this;
    let worked = false;
    for (let n = 0; n < mostRecords; n++) {
      const stepped = task.step();
      if (stepped === false) break;
      if (stepped !== true) await stepped;
      worked = true;
    }
    const fired = task.punctuate();
    if (fired instanceof Promise) await fired;
    const outputs = task.takeOutputs();
    for (const output of outputs instanceof Promise ? await outputs : outputs) writer.add(output);
    if (worked) this.#readOn();
    return worked || fired !== false;
  }

  /** Hands the rows that changed since the last commit to the writer. */
  async logChanges(): Promise<void> {
    const rows = this.task.takeChangelog();
    for (const row of rows instanceof Promise ? await rows : rows) this.writer.add(row);
  }

  /** Offsets that moved since the last commit, with the task's stream times beside one of them. */
  progress(): CommittedOffset[] {
    const positions = this.positions();
    const moved = [...positions].some(([topic, offset]) => this.#committed.get(topic) !== offset);
    if (!moved) return [];
    const metadata = this.task.metadata();
    return [...positions].map(([topic, offset], i) => ({
      topic,
      partition: this.id.partition,
      offset,
      ...(i === 0 ? { metadata } : {}),
    }));
  }

  /** Source topic -> next offset that is not processed yet. */
  positions(): ReadonlyMap<string, number> {
    const { fetcher } = this.#context, processed = this.task.positions();
    const positions = new Map<string, number>();
    for (const place of this.places) {
      // With nothing waiting, all that was read is done: markers and aborted records at the end count too.
      const offset = this.task.buffered(place.topic) === 0 && !this.#failed
        ? fetcher.position(place) ?? processed.get(place.topic)
        : processed.get(place.topic);
      if (offset !== undefined) positions.set(place.topic, offset);
    }
    return positions;
  }

  /** Notes that these offsets, and all rows written so far, are committed. */
  markCommitted(offsets: readonly CommittedOffset[]): void {
    this.#committed = new Map(offsets.map(({ topic, offset }) => [topic, offset]));
    const ends: Record<string, number> = {};
    for (const { changelogTopic } of this.task.stores.values()) {
      const end = changelogTopic && this.writer.end(changelogTopic, this.id.partition);
      if (changelogTopic && typeof end === "number") ends[changelogTopic] = end;
    }
    this.task.commit(ends);
  }

  /** Stops reading and lets go of stores and transaction. `dirty`: what was not committed is to be forgotten. */
  async close(options: { readonly dirty?: boolean } = {}): Promise<void> {
    for (const place of this.places) this.#context.fetcher.unassign(place);
    this.task.close(options);
    if (options.dirty) await this.session?.abort().catch(() => {});
    await this.session?.close();
    this.#context.emit({ kind: "closed", task: this.name });
  }

  async #startReading(found: readonly CommittedOffset[]): Promise<void> {
    const { fetcher } = this.#context, positions = new Map<string, number>();
    for (const place of this.places) {
      const known = found.find((one) => one.topic === place.topic)?.offset;
      positions.set(place.topic, known ?? await this.#firstOffset(place));
    }
    this.#committed = new Map(found.map(({ topic, offset }) => [topic, offset]));
    await Promise.all(
      this.places.map((place) => fetcher.assign(place, positions.get(place.topic)!)),
    );
  }

  async #firstOffset({ topic, partition }: Place): Promise<number> {
    const { kafka, options, topology } = this.#context;
    const external = !topology.nodes.some(({ source }) =>
      source?.topic === topic && source.internal
    );
    const offsets = external && options.from === "latest"
      ? await kafka.topics.endOffsets(topic)
      : await kafka.topics.beginOffsets(topic);
    return offsets[partition] ?? 0;
  }

  #readOn(): void {
    const most = this.#context.options.bufferedRecords ?? 10_000;
    for (const place of this.places) {
      if (this.task.buffered(place.topic) <= most / 2) this.#context.fetcher.resume(place);
    }
  }
}

function placesOf({ topology, partitions }: WorkerContext, id: TaskId): Place[] {
  return topology.subTopologies[id.subTopology]!.sourceTopics
    .filter((topic) => id.partition < partitions(topic))
    .map((topic) => ({ topic, partition: id.partition }));
}

function makeTask(context: WorkerContext, id: TaskId): Task {
  const { topology, clock, stores, globals, partitions, fetcher } = context;
  return new Task(topology, id, {
    clock,
    stores,
    globals,
    partitions,
    isCaughtUp: (topic) => {
      const place = { topic, partition: id.partition }, end = fetcher.end(place);
      return end !== undefined && fetcher.position(place)! >= end;
    },
  });
}

async function restoreStores(
  context: WorkerContext,
  task: Task,
  signal: AbortSignal,
): Promise<number> {
  const offsets = task.checkpoint()?.offsets ?? {};
  const jobs = await Promise.all(
    [...task.stores.values()].flatMap((store): Promise<RestoreJob>[] => {
      const topic = store.changelogTopic;
      if (topic === null) return [];
      return [(async () => ({
        topic,
        partition: task.partition,
        from: offsets[topic] ?? (await context.kafka.topics.beginOffsets(topic))[task.partition]!,
        restore: (records) => store.restore(records),
      }))()];
    }),
  );
  return await restore(context.kafka, jobs, {
    signal,
    onProgress: ({ restored, total }) =>
      context.emit({ kind: "restoring", task: task.name, restored, total }),
  });
}
