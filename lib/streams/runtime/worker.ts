/**
 * A worker: one member of an application's group, running its share of the tasks.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import {
  type Candidate,
  type Fetched,
  Fetcher,
  GroupMember,
  type Kafka,
  ProduceSession,
} from "../../kafka/mod.ts";
import type { TopicPartition } from "../../views/mod.ts";
import { memoryStores } from "../state/memory_store.ts";
import { GlobalState } from "../task/global_state.ts";
import { taskName } from "../topology/plan.ts";
import type { Topology } from "../topology/topology.ts";
import { assignTasks } from "./assign_tasks.ts";
import { commit } from "./commit.ts";
import type { WorkerContext, WorkerOptions } from "./context.ts";
import { followGlobals } from "./follow_globals.ts";
import { prepareTopics } from "./internal_topics.ts";
import { RecordWriter } from "./record_writer.ts";
import { TaskSet } from "./task_set.ts";
import { Turn } from "./turn.ts";

/** Records a task processes before the others, and the network, get their turn. */
const SLICE_RECORDS = 500;
/** Bytes that may wait to be written before processing pauses. */
const WAITING_BYTES = 8 << 20;
/** How long an idle worker sleeps before it looks at its clocks. */
const IDLE_MS = 50;

/** A running application: this process's part of it. */
export class Worker implements AsyncDisposable {
  readonly context: WorkerContext;
  readonly tasks: TaskSet;
  readonly #turn = new Turn();
  readonly #done = Promise.withResolvers<void>();
  readonly #stop = new AbortController();
  #globals: { close(): Promise<void> } | undefined;
  #session: ProduceSession | undefined;
  #loop: Promise<void> | undefined;
  #wake = Promise.withResolvers<void>();
  #rebalancing = true;
  #stopping: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  #lastCommitMs = 0;

  private constructor(context: Omit<WorkerContext, "fetcher" | "member" | "sharedWriter">) {
    const shared = context.guarantee === "at-least-once";
    const { kafka, topology, options } = context;
    if (shared) this.#session = new ProduceSession(kafka, topology.appId);
    this.context = {
      ...context,
      fetcher: new Fetcher(kafka, {
        onRecords: (fetched) => this.#received(fetched),
        onAnswer: () => this.#wakeUp(),
        onGap: (gap) => context.emit({ kind: "gap", ...gap }),
      }),
      member: new GroupMember(kafka, {
        group: topology.appId,
        topics: topology.subTopologies.flatMap(({ sourceTopics }) => sourceTopics),
        protocol: "taxi-streams-sticky",
        announce: () => JSON.stringify(this.tasks.names()),
        assign: (candidates) => this.#assign(candidates),
        onRevoke: () => this.#onRevoke(),
        onAssign: (partitions, kept) => this.#onAssign(partitions, kept),
        onLost: (error) => this.#fail(error),
        ...(options.sessionTimeoutMs ? { sessionTimeoutMs: options.sessionTimeoutMs } : {}),
      }),
      sharedWriter: this.#session &&
        new RecordWriter(this.#session, { partitions: context.partitions }),
    };
    this.tasks = new TaskSet(this.context, {
      onReady: () => this.#wakeUp(),
      onFailed: (error) => this.#fail(error),
    });
    this.context.fetcher.failed.catch((error) => this.#fail(error));
    this.#done.promise.catch(() => {});
  }

  /**
   * Makes the internal topics, fills global tables, joins the group and begins to process.
   *
   * @throws {KafkaError} If a source topic is missing or Kafka cannot be reached
   * @throws {RangeError} If topics that are joined differ in partitions
   */
  static async start(
    kafka: Kafka,
    topology: Topology,
    options: WorkerOptions = {},
  ): Promise<Worker> {
    const plan = await prepareTopics(kafka, topology);
    const partitions = new Map(Object.entries(plan.partitions));
    for (const topic of outputTopics(topology)) {
      if (partitions.has(topic) || !await kafka.topics.exists(topic)) continue;
      partitions.set(topic, (await kafka.topics.describe(topic)).partitions.length);
    }
    const stores = options.stores ?? memoryStores();
    const worker = new Worker({
      kafka,
      topology,
      plan,
      options,
      guarantee: options.guarantee ?? "at-least-once",
      stores,
      clock: options.clock ?? Date,
      globals: new GlobalState(topology, { stores: memoryStores() }),
      partitions: (topic) => partitions.get(topic) ?? 0,
      emit: (event) => options.onEvent?.(event),
    });
    try {
      worker.#globals = await followGlobals(
        kafka,
        worker.context.globals,
        worker.context.partitions,
      );
      await worker.context.member.join();
    } catch (error) {
      await worker.stop();
      throw error;
    }
    worker.#loop = worker.#run();
    return worker;
  }

  /** Resolves when the worker has stopped; rejects with what ended it. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Topic -> records this worker has written since it started. */
  written(): ReadonlyMap<string, number> {
    const total = new Map<string, number>();
    const writers = this.context.sharedWriter
      ? [this.context.sharedWriter]
      : this.tasks.running().map(({ writer }) => writer);
    for (const writer of writers) {
      for (const [topic, records] of writer.written) {
        total.set(topic, (total.get(topic) ?? 0) + records);
      }
    }
    return total;
  }

  /** Runs something between two slices of processing, with everything before it committed. */
  afterCommit<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#turn.take(async () => {
      await this.#commit();
      return await work();
    });
  }

  /** Finishes the record at hand, commits, leaves the group and disconnects. Safe to call twice. */
  stop(): Promise<void> {
    return this.#stopping ??= this.#end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const wake = this.#wake.promise;
      const worked = await this.#turn.take(() => this.#slice()).catch((error) => {
        this.#fail(error);
        return true;
      });
      if (worked) await new Promise((resolve) => setImmediate(resolve));
      else await Promise.race([wake, sleep(IDLE_MS)]);
    }
  }

  /** One round over all tasks. True if there may be more to do at once. */
  async #slice(): Promise<boolean> {
    if (this.#rebalancing || this.#stop.signal.aborted) return false;
    let worked = false;
    for (const live of this.tasks.running()) {
      worked = await live.process(SLICE_RECORDS) || worked;
      live.writer.start();
      if (live.writer.waitingBytes > WAITING_BYTES) await live.writer.waitFor(WAITING_BYTES / 2);
    }
    const intervalMs = this.context.options.commitIntervalMs ??
      (this.context.guarantee === "exactly-once" ? 100 : 200);
    if (performance.now() - this.#lastCommitMs >= intervalMs) await this.#commit();
    return worked;
  }

  async #commit(): Promise<void> {
    const failed = await commit(this.context, this.tasks.running());
    this.#lastCommitMs = performance.now();
    for (const { live, error } of failed) await this.tasks.reopen(live, error);
  }

  async #onRevoke(): Promise<void> {
    await this.#turn.take(async () => {
      this.#rebalancing = true;
      // A member that was thrown out cannot commit: its tasks are closed when it joins again.
      await this.#commit().catch(() => {});
    });
  }

  async #onAssign(partitions: readonly TopicPartition[], kept: boolean): Promise<void> {
    await this.#turn.take(async () => {
      await this.tasks.become(partitions, { kept });
      this.#rebalancing = false;
    });
    this.#wakeUp();
  }

  #assign(candidates: readonly Candidate[]): ReadonlyMap<string, readonly TopicPartition[]> {
    const { plan } = this.context;
    const given = assignTasks(
      plan.tasks.map(taskName),
      candidates.map(({ memberId, announced }) => ({
        member: memberId,
        tasks: announced === "" ? [] : JSON.parse(announced) as string[],
      })),
    );
    return new Map([...given].map(([member, names]) => [member, this.tasks.partitionsOf(names)]));
  }

  #received({ topic, partition, records }: Fetched): void {
    this.tasks.owner(topic, partition)?.enqueue(topic, records);
    this.#wakeUp();
  }

  #wakeUp(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  #fail(error: unknown): void {
    this.#failure ??= { error };
    void this.stop();
  }

  async #end(): Promise<void> {
    const failed = this.#failure !== undefined;
    this.#stop.abort();
    this.#wakeUp();
    await this.#loop;
    if (!failed) {
      await this.#turn.take(() => this.#commit()).catch((error) => this.#failure ??= { error });
    } else if (this.context.guarantee === "at-least-once") {
      // What was processed before the failure need not come again.
      await this.#turn.take(() => this.#commit()).catch(() => {});
    }
    await this.tasks.closeAll({ dirty: this.#failure !== undefined });
    await this.context.fetcher.close();
    await this.#globals?.close();
    await this.context.member.leave().catch(() => {});
    await this.#session?.close();
    if (this.#failure) this.#done.reject(this.#failure.error);
    else this.#done.resolve();
  }
}

/** Topics named in sinks, dead letters included; one chosen per record is not known before. */
function outputTopics(topology: Topology): string[] {
  const named = topology.nodes.map(({ sink }) => sink?.topic).filter((one) =>
    typeof one === "string"
  );
  const deadLetters = topology.errors?.deadLetterTopic;
  return deadLetters ? [...named, deadLetters] : named;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
