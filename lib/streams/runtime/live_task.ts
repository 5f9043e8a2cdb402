/**
 * A task on the broker: its place in the log, its stores filled, its writer.
 *
 * @module
 */
import { sleep } from "../../async/mod.ts";
import {
  type CommittedOffset,
  TransactionSession,
  type UnreadRecords,
} from "../../kafka/engine.ts";
import type { OutputRecord } from "../task/records.ts";
import { Task } from "../task/task.ts";
import { type TaskId, taskName } from "../topology/plan.ts";
import type { WorkerContext } from "./context.ts";
import { stillOurs } from "./membership.ts";
import { fitMetadata, readMetadata } from "./offset_metadata.ts";
import { RecordWriter } from "./record_writer.ts";
import { restoreTask } from "./restore_task.ts";

interface Place {
  readonly topic: string;
  readonly partition: number;
}

/** How long a task processes before the others, the network and a rebalance get their turn. */
const SLICE_MS = 50;
/** How many records pass before their outputs are written down, and the clock is looked at. */
const LOOK_EVERY = 32;

/** One task of this worker, from the moment it may run. */
export class LiveTask {
  readonly name: string;
  readonly places: readonly Place[];
  readonly #context: WorkerContext;
  #committed: ReadonlyMap<string, number> = new Map();
  /** Source topic -> bytes of a record there, on average. */
  readonly #recordBytes = new Map<string, number>();
  #failed = false;
  /** Outputs were taken from the task and did not reach the writer: offsets must stay where they are. */
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
    this.places = placesOf(context, id);
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
    const giveUp = () => void session?.close().catch(() => {});
    signal.addEventListener("abort", giveUp);
    try {
      if (exactlyOnce) {
        await stillOurs(context, signal);
        session = new TransactionSession(context.kafka, `${context.topology.appId}-${name}`);
        await session.begin();
      }
      const found = await context.member.coordinator.committed(places, { stable: exactlyOnce });
      signal.throwIfAborted();
      task = makeTask(context, id);
      if (task.damage) context.emit({ kind: "damaged", task: name, why: task.damage });
      const ofRows = task.lineage;
      task.restoreMetadata(readMetadata(found.find((one) => one.metadata)?.metadata ?? "{}"));
      task.lineage ??= crypto.randomUUID().slice(0, 8);
      const keepsRows = ofRows === task.lineage;
      const restored = await restoreTask(context, task, { signal, keepsRows });
      const writer = context.sharedWriter ??
        new RecordWriter(session!, { partitions: context.partitions });
      const live = new LiveTask(context, id, task, writer, session);
      onOwned(live);
      await live.#startReading(found);
      context.emit({ kind: "running", task: name, restored });
      return live;
    } catch (error) {
      for (const place of places) context.fetcher.unassign(place);
      task?.close({ dirty: true });
      await session?.close();
      throw error;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  /** Takes records that were read. */
  enqueue(topic: string, records: UnreadRecords): void {
    const recordBytes = records.bytes / records.size;
    this.task.enqueue(topic, records);
    const place = this.places.find((one) => one.topic === topic);
    this.#recordBytes.set(topic, recordBytes);
    if (place && this.task.buffered(topic) > this.#most(topic)) this.#context.fetcher.pause(place);
  }

  /** Records of a topic that may wait: so many, and no more than a share of memory. */
  #most(topic: string): number {
    const { bufferedRecords = 10_000, bufferedBytes = 1 << 20 } = this.#context.options;
    return Math.min(bufferedRecords, bufferedBytes / (this.#recordBytes.get(topic) ?? 1));
  }

  /** Processes at most so many records and hands what they gave to the writer. True if there was any work. */
  async process(mostRecords: number): Promise<boolean> {
    try {
      return await this.#process(mostRecords);
    } catch (error) {
      this.#failed = true;
      // What the records before it gave must be written, or their offsets must not be committed.
      await this.#passOnAll().catch(() => {});
      throw error;
    }
  }

  async #process(mostRecords: number): Promise<boolean> {
    const { task } = this;
    let worked = false;
    const untilMs = performance.now() + SLICE_MS;
    for (let n = 1; n <= mostRecords; n++) {
      const stepped = task.step();
      if (stepped === false) break;
      // A serde that asks the registry may take seconds: other tasks, commits and rebalances must not wait for it.
      if (stepped !== true && !await this.#inTime(stepped)) break;
      worked = true;
      if (stepped === true && n % LOOK_EVERY !== 0) continue;
      const late = this.#passOn();
      if (late) await late;
      if (performance.now() > untilMs) break;
    }
    const fired = task.punctuate();
    if (fired instanceof Promise) await fired;
    await this.#passOn();
    // Refused records were taken, too, without being work.
    this.#readOn();
    return worked || fired !== false;
  }

  /** Hands what came out to the writer; a promise when some of it is still being encoded. */
  #passOn(): Promise<void> | undefined {
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

  async #passOnAll(): Promise<void> {
    await this.#passOn();
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
    const rows = this.task.takeChangelog();
    for (const row of rows instanceof Promise ? await rows : rows) this.writer.add(row);
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
    for (const place of this.places) {
      // With nothing waiting, all that was read is done: markers and aborted records at the end count too.
      const offset = this.task.buffered(place.topic) === 0 && !this.#failed
        ? fetcher.position(place) ?? processed.get(place.topic)
        : processed.get(place.topic);
      if (offset !== undefined) positions.set(place.topic, offset);
    }
    return positions;
  }

  /** The next offset of a source topic as it was last committed. */
  committed(topic: string): number | undefined {
    return this.#committed.get(topic);
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
    // Both may fail while Kafka is away: whoever opens this task next fences the session anyway.
    if (options.dirty) await this.session?.abort().catch(() => {});
    await this.session?.close().catch(() => {});
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
    for (const place of this.places) {
      const { topic } = place;
      if (this.task.buffered(topic) <= this.#most(topic) / 2) this.#context.fetcher.resume(place);
    }
  }
}

function placesOf({ topology, partitions }: WorkerContext, id: TaskId): Place[] {
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
    patienceMs: context.options.patienceMs ?? 60_000,
    ...(context.letterBytes !== undefined && { letterBytes: context.letterBytes }),
    onRefused: (refused) => emit({ kind: "refused", task, ...refused }),
    onWaiting: (why) => emit({ kind: "waiting", task, why }),
    isCaughtUp: (topic) => {
      const place = { topic, partition: id.partition }, end = fetcher.end(place);
      return end !== undefined && fetcher.position(place)! >= end;
    },
  });
}
