/**
 * A task on the broker: the I/O around a {@link Task}.
 *
 * @module
 */
import { sleep } from "../../async/mod.ts";
import type { TopicPartition } from "../../serde/mod.ts";
import {
  type CommittedOffset,
  TransactionSession,
  type UnreadRecords,
} from "../../kafka/engine.ts";
import type { OutputRecord } from "../task/records.ts";
import { Task } from "../task/task.ts";
import { type TaskId, taskName } from "../topology/plan.ts";
import type { WorkerContext } from "./context.ts";
import { awaitMembership } from "./membership.ts";
import { fitMetadata, readMetadata } from "./offset_metadata.ts";
import { RecordWriter } from "./record_writer.ts";
import { restoreTask } from "./restore_task.ts";

/** How long a task processes before the others, the network and a rebalance get their turn. */
const SLICE_MS = 50;
/** After how many records outputs go to the writer and the clock is read. */
const COLLECT_EVERY = 32;
/**
 * So many changed rows do not wait for the commit: each takes about half a kilobyte until it is written, and a busy
 * worker changes a hundred thousand between two commits.
 */
const MOST_CHANGED_ROWS = 10_000;

/** One running task of this worker. */
export class StreamTask {
  readonly name: string;
  readonly sourcePartitions: readonly TopicPartition[];
  readonly #context: WorkerContext;
  #committed: ReadonlyMap<string, number> = new Map();
  /** Source topic -> bytes of a record there, on average. */
  readonly #recordBytes = new Map<string, number>();
  #failed = false;
  /** Outputs or rows were taken from the task and did not reach the writer: offsets must not be committed. */
  #unwritten = false;

  private constructor(
    context: WorkerContext,
    readonly id: TaskId,
    readonly task: Task,
    readonly writer: RecordWriter,
    readonly session: TransactionSession | undefined,
  ) {
    this.#context = context;
    this.name = taskName(id);
    this.sourcePartitions = sourcePartitionsOf(context, id);
  }

  /**
   * Opens a task in the one order that is safe: fence the previous owner, read its committed offsets, restore, start reading.
   *
   * @param onOwned Called before the first record is read
   * @throws The signal's reason, when the task is taken away meanwhile
   */
  static async open(
    context: WorkerContext,
    id: TaskId,
    signal: AbortSignal,
    onOwned: (opened: StreamTask) => void,
  ): Promise<StreamTask> {
    const name = taskName(id), exactlyOnce = context.guarantee === "exactly-once";
    const sourcePartitions = sourcePartitionsOf(context, id);
    let session: TransactionSession | undefined, task: Task | undefined;
    const closeSession = () => void session?.close().catch(() => {});
    signal.addEventListener("abort", closeSession);
    try {
      if (exactlyOnce) {
        await awaitMembership(context, signal);
        session = new TransactionSession(context.kafka, `${context.topology.appId}-${name}`);
        await session.begin();
      }
      const found = await context.member.coordinator.committed(sourcePartitions, {
        stable: exactlyOnce,
      });
      signal.throwIfAborted();
      task = makeTask(context, id);
      if (task.damage) context.emit({ kind: "damaged", task: name, why: task.damage });
      const incarnationOfRows = task.incarnation;
      task.restoreMetadata(readMetadata(found.find((one) => one.metadata)?.metadata ?? "{}"));
      task.incarnation ??= crypto.randomUUID().slice(0, 8);
      const keepsRows = incarnationOfRows === task.incarnation;
      const restored = await restoreTask(context, task, { signal, keepsRows });
      const writer = context.sharedWriter ??
        new RecordWriter(session!, { partitions: context.partitions });
      const opened = new StreamTask(context, id, task, writer, session);
      onOwned(opened);
      await opened.#startReading(found);
      context.emit({ kind: "running", task: name, restored });
      return opened;
    } catch (error) {
      for (const partition of sourcePartitions) context.fetcher.unassign(partition);
      task?.close({ dirty: true });
      await session?.close();
      throw error;
    } finally {
      signal.removeEventListener("abort", closeSession);
    }
  }

  /** Takes records that were read. */
  enqueue(topic: string, records: UnreadRecords): void {
    const recordBytes = records.bytes / records.size;
    this.task.enqueue(topic, records);
    const partition = this.sourcePartitions.find((one) => one.topic === topic);
    this.#recordBytes.set(topic, recordBytes);
    if (partition && this.task.buffered(topic) > this.#maxBuffered(topic)) {
      this.#context.fetcher.pause(partition);
    }
  }

  /** How many records of a topic may be buffered. */
  #maxBuffered(topic: string): number {
    const { bufferedRecords = 10_000, bufferedBytes = 1 << 20 } = this.#context.options;
    return Math.min(bufferedRecords, bufferedBytes / (this.#recordBytes.get(topic) ?? 1));
  }

  /** Processes at most so many records and hands their outputs to the writer. True if there was any work. */
  async process(maxRecords: number): Promise<boolean> {
    try {
      return await this.#process(maxRecords);
    } catch (error) {
      this.#failed = true;
      // Outputs of the records before it must be written, or their offsets must not be committed.
      await this.#collectAll().catch(() => {});
      throw error;
    }
  }

  async #process(maxRecords: number): Promise<boolean> {
    const { task } = this;
    let worked = false;
    const untilMs = performance.now() + SLICE_MS;
    for (let n = 1; n <= maxRecords; n++) {
      const stepped = task.step();
      if (stepped === false) break;
      // A serde that asks the registry may take seconds: other tasks, commits and rebalances must not wait for it.
      if (stepped !== true && !await this.#inTime(stepped)) break;
      worked = true;
      if (stepped === true && n % COLLECT_EVERY !== 0) continue;
      const late = this.#collect();
      if (late) await late;
      if (performance.now() > untilMs) break;
    }
    const fired = task.punctuate();
    if (fired instanceof Promise) await fired;
    await this.#collect();
    if (task.changedRows > MOST_CHANGED_ROWS) await this.logChanges();
    // Skipped records leave the buffer, too, without being work.
    this.#resumeReading();
    return worked || fired !== false;
  }

  /** Hands the outputs to the writer; a promise when one is still being encoded. */
  #collect(): Promise<void> | undefined {
    const outputs = this.task.takeOutputs();
    if (outputs instanceof Promise) {
      return outputs.then((all) => this.#write(all)).catch((error) => {
        this.#unwritten = true;
        throw error;
      });
    }
    this.#write(outputs);
    return undefined;
  }

  async #collectAll(): Promise<void> {
    await this.#collect();
  }

  #write(outputs: readonly OutputRecord[]): void {
    try {
      for (const output of outputs) this.writer.add(output);
    } catch (error) {
      this.#unwritten = true;
      throw error;
    }
  }

  /** Waits for a step, for a slice only if it decodes. True if it is done. */
  async #inTime(step: Promise<void>): Promise<boolean> {
    if (!this.task.decoding) await step;
    else await Promise.race([step, sleep(SLICE_MS)]);
    return !this.task.decoding;
  }

  /** Hands the rows that changed since the last commit to the writer. */
  async logChanges(): Promise<void> {
    try {
      const rows = this.task.takeChangelog();
      for (const row of rows instanceof Promise ? await rows : rows) this.writer.add(row);
    } catch (error) {
      this.#unwritten = true;
      throw error;
    }
  }

  /** Offsets that moved since the last commit, with the task's stream times beside one of them. */
  progress(): CommittedOffset[] {
    if (this.#unwritten) return [];
    const positions = this.positions();
    const moved = [...positions].some(([topic, offset]) => this.#committed.get(topic) !== offset);
    if (!moved) return [];
    const metadata = fitMetadata(this.task.metadata());
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
    for (const partition of this.sourcePartitions) {
      // With nothing waiting, all that was read is done: markers and aborted records at the end count too.
      const offset = this.task.buffered(partition.topic) === 0 && !this.#failed
        ? fetcher.position(partition) ?? processed.get(partition.topic)
        : processed.get(partition.topic);
      if (offset !== undefined) positions.set(partition.topic, offset);
    }
    return positions;
  }

  /** The next offset of a source topic as it was last committed. */
  committed(topic: string): number | undefined {
    return this.#committed.get(topic);
  }

  /** Notes that the group has these offsets. */
  markCommitted(offsets: readonly CommittedOffset[]): void {
    this.#committed = new Map(offsets.map(({ topic, offset }) => [topic, offset]));
  }

  /** Notes that all rows so far are in the changelogs, and count. */
  markWritten(): void {
    const ends: Record<string, number> = {};
    for (const { changelogTopic } of this.task.stores.values()) {
      const end = changelogTopic && this.writer.end(changelogTopic, this.id.partition);
      if (changelogTopic && typeof end === "number") ends[changelogTopic] = end;
    }
    this.task.commit(ends);
  }

  /** Stops reading, closes stores and session. `dirty`: discards what was not committed. */
  async close(options: { readonly dirty?: boolean } = {}): Promise<void> {
    for (const partition of this.sourcePartitions) this.#context.fetcher.unassign(partition);
    this.task.close(options);
    // Both may fail while Kafka is away: the next owner fences the session anyway.
    if (options.dirty) await this.session?.abort().catch(() => {});
    await this.session?.close().catch(() => {});
    this.#context.emit({ kind: "closed", task: this.name });
  }

  async #startReading(found: readonly CommittedOffset[]): Promise<void> {
    const { fetcher } = this.#context, positions = new Map<string, number>();
    for (const partition of this.sourcePartitions) {
      const known = found.find((one) => one.topic === partition.topic)?.offset;
      positions.set(partition.topic, known ?? await this.#firstOffset(partition));
    }
    this.#committed = new Map(found.map(({ topic, offset }) => [topic, offset]));
    await Promise.all(
      this.sourcePartitions.map((partition) =>
        fetcher.assign(partition, positions.get(partition.topic)!)
      ),
    );
  }

  async #firstOffset({ topic, partition }: TopicPartition): Promise<number> {
    const { kafka, options, topology } = this.#context;
    const external = !topology.nodes.some(({ source }) =>
      source?.topic === topic && source.internal
    );
    const offsets = external && options.from === "latest"
      ? await kafka.topics.endOffsets(topic)
      : await kafka.topics.beginOffsets(topic);
    return offsets[partition] ?? 0;
  }

  #resumeReading(): void {
    for (const partition of this.sourcePartitions) {
      const { topic } = partition;
      if (this.task.buffered(topic) <= this.#maxBuffered(topic) / 2) {
        this.#context.fetcher.resume(partition);
      }
    }
  }
}

function sourcePartitionsOf({ topology, partitions }: WorkerContext, id: TaskId): TopicPartition[] {
  return topology.subTopologies[id.subTopology]!.sourceTopics
    .filter((topic) => id.partition < partitions(topic))
    .map((topic) => ({ topic, partition: id.partition }));
}

function makeTask(context: WorkerContext, id: TaskId): Task {
  const { topology, clock, stores, globals, partitions, fetcher, emit } = context;
  const task = taskName(id);
  return new Task(topology, id, {
    clock,
    stores,
    globals,
    partitions,
    retryTimeoutMs: context.options.retryTimeoutMs ?? 60_000,
    ...(context.letterBytes !== undefined && { letterBytes: context.letterBytes }),
    onRefused: (refused) => emit({ kind: "refused", task, ...refused }),
    onWaiting: (why) => emit({ kind: "waiting", task, why }),
    isCaughtUp: (topic) => {
      const partition = { topic, partition: id.partition }, end = fetcher.end(partition);
      return end !== undefined && fetcher.position(partition)! >= end;
    },
  });
}
