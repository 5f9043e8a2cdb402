/**
 * A worker: one member of an application's group, running its share of the tasks.
 *
 * @module
 */
import { deadline, Mutex, sleep } from "../../async/mod.ts";
import { setImmediate } from "node:timers";
import {
  type Fetched,
  Fetcher,
  type GroupAssignment,
  type GroupIdentity,
  GroupMembership,
  isOutOfGroup,
  ProduceSession,
} from "../../kafka/engine.ts";
import { type Kafka, KafkaError } from "../../kafka/mod.ts";
import type { TopicPartition } from "../../serde/mod.ts";
import { memoryStores } from "../state/memory_store.ts";
import { GlobalState } from "../task/global_state.ts";
import { readySerdes } from "../task/ready.ts";
import type { Topology } from "../topology/topology.ts";
import type { Windowed } from "../topology/windowed_serde.ts";
import { type CommitOptions, Commits, isFatal } from "./commit.ts";
import type { WorkerContext, WorkerOptions } from "./context.ts";
import { followGlobals } from "./follow_globals.ts";
import { informationOf } from "./group_protocol.ts";
import { letterBytes, partitionCounts, prepareTopics } from "./internal_topics.ts";
import { forgetReplaced, keepsProgress, replacedSource } from "./lost_source.ts";
import { Membership } from "./membership.ts";
import { Purge } from "./purge.ts";
import { hostName } from "./host_name.ts";
import { tableQuestions } from "./query/answer.ts";
import { queriesOf } from "./query/of_worker.ts";
import type { Queries, ServerAddress } from "./query/queries.ts";
import { type QueryServer, serveQueries } from "./query/query_server.ts";
import { eagerTaskAssignor, isPartial, taskAssignor } from "./task_assignor.ts";
import { RecordWriter } from "./record_writer.ts";
import { type StandbySet, standbysOf } from "./standby_set.ts";
import { StatusPublisher } from "./status_publisher.ts";
import { expandPatterns, hasPatterns } from "../topology/patterns.ts";
import { type QueriedTable, type TableView, viewOf, type WindowView } from "./table_view.ts";
import { TaskManager } from "./task_manager.ts";

/** Most records a task processes before others get their turn. */
const SLICE_RECORDS = 500;
/** Bytes that may wait to be written before processing pauses. */
const WAITING_BYTES = 4 << 20;
/** How long an idle worker sleeps before it checks its timers. */
const IDLE_MS = 50;
/** How long a stop may wait for Kafka. */
const STOP_MS = 30_000;

/** Something that has a topology, such as an application. */
export interface Runnable {
  topology(): Topology;
}

/** A running application: this process's part of it. */
export class Worker implements AsyncDisposable {
  /** @internal */
  readonly context: WorkerContext;
  /** @internal */
  readonly tasks: TaskManager;
  /** @internal */
  readonly standbys: StandbySet;
  /** @internal */
  readonly queries: Queries;
  readonly #purge: Purge;
  readonly #mutex = new Mutex();
  readonly #commits: Commits;
  readonly #done = Promise.withResolvers<void>();
  readonly #stop = new AbortController();
  #server: QueryServer | undefined;
  #servers: ReadonlyMap<string, ServerAddress | null> = new Map();
  #globals: { close(): Promise<void> } | undefined;
  #session: ProduceSession | undefined;
  #loop: Promise<void> | undefined;
  #status: StatusPublisher | undefined;
  #wake = Promise.withResolvers<void>();
  /** Without a valid assignment: nothing is processed until the next one. */
  #rebalancing = true;
  /** Other workers have to give tasks up before all of them are assigned. */
  #isPartial = false;
  #identity: GroupIdentity | undefined;
  #tenure = 0;
  #stopping: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;
  readonly #membership: Membership;

  private constructor(
    context: Omit<WorkerContext, "fetcher" | "member" | "identity" | "tenure" | "sharedWriter">,
  ) {
    const { kafka, topology, options, guarantee } = context, { appId } = topology;
    if (guarantee === "at-least-once") {
      const confirm = () => this.#membership.confirm();
      this.#session = new ProduceSession(kafka, appId, { confirm });
    }
    this.context = {
      ...context,
      fetcher: new Fetcher(kafka, {
        onRecords: (fetched) => this.#received(fetched),
        onAnswer: () => this.#wakeUp(),
        onGap: (gap) => context.emit({ kind: "gap", ...gap }),
        onReplaced: (topic) => this.#fail(replacedSource(appId, topic)),
      }),
      member: GroupMembership.of(kafka, {
        group: appId,
        topics: topology.subTopologies.flatMap(({ sourceTopics }) => sourceTopics),
        assignors: [taskAssignor(this)],
        fallback: eagerTaskAssignor(this),
        onGeneration: (identity) => this.#identity = identity,
        onRevoke: (partitions) => this.#onRevoke(partitions),
        onAssign: (assignment) => this.#onAssign(assignment),
        onLost: (error) => this.#fail(error),
        ...(options.sessionTimeoutMs ? { sessionTimeoutMs: options.sessionTimeoutMs } : {}),
        ...(options.name === undefined ? {} : { name: options.name }),
        ...(options.instanceId === undefined ? {} : { instanceId: options.instanceId }),
      }),
      identity: () => this.#identity!,
      tenure: () => this.#tenure,
      sharedWriter: this.#session && new RecordWriter(this.#session, {
        partitions: context.partitions,
      }),
    };
    this.#membership = new Membership(this.context);
    this.#commits = new Commits(this.context);
    this.tasks = new TaskManager(this.context, {
      onReady: () => this.#wakeUp(),
      onFailed: (error) => this.#fail(error),
    });
    this.standbys = standbysOf(this.context, this.tasks);
    this.queries = queriesOf(this);
    this.#purge = new Purge(this.context);
    this.context.fetcher.failed.catch((error) => this.#fail(error));
    this.#done.promise.catch(() => {});
  }

  /**
   * Makes the internal topics, fills global tables, joins the group and begins to process.
   *
   * @param source An application, or its topology
   * @throws {KafkaError} If a source topic is missing or Kafka cannot be reached
   * @throws {RangeError} If topics that are joined differ in partitions
   */
  static async start(
    kafka: Kafka,
    source: Runnable | Topology,
    options: WorkerOptions = {},
  ): Promise<Worker> {
    const written = "nodes" in source ? source : source.topology();
    const topology = hasPatterns(written)
      ? expandPatterns(written, await kafka.topics.list())
      : written;
    const plan = await prepareTopics(kafka, topology, options.onEvent);
    await readySerdes(topology);
    const partitions = await partitionCounts(kafka, topology, plan);
    const stores = options.stores ?? memoryStores();
    const worker = new Worker({
      kafka,
      topology,
      plan,
      letterBytes: await letterBytes(kafka, topology),
      options,
      guarantee: options.guarantee ?? topology.guarantee,
      stores,
      clock: options.clock ?? Date,
      globals: new GlobalState(topology, { stores: memoryStores() }),
      partitions: (topic) => partitions.get(topic) ?? 0,
      emit: (event) => {
        worker.#status?.hear(event);
        options.onEvent?.(event);
      },
    });
    try {
      if (options.server !== false) {
        const questions = tableQuestions(topology, worker.queries);
        worker.#server = serveQueries(questions, options.server);
      }
      if (options.status !== false) worker.#status = new StatusPublisher(worker);
      worker.#globals = await followGlobals(kafka, worker.context.globals, {
        partitions: worker.context.partitions,
        onFailed: (error) => worker.#fail(error),
      });
      await worker.context.member.join();
    } catch (error) {
      await worker.stop();
      throw error;
    }
    worker.#loop = worker.#run();
    return worker;
  }

  /** A table of the application, to be asked for its rows. @throws {TypeError} If it keeps none, or is another application's */
  table<K, V>(table: QueriedTable<Windowed<K>, V>): WindowView<K, V>;
  /** A table of the application, to be asked for its rows. */
  table<K, V>(table: QueriedTable<K, V>): TableView<K, V>;
  table<K, V>(table: QueriedTable<K, V>): TableView<K, V> | WindowView<K, V> {
    return viewOf(this, table);
  }

  /** Resolves when the worker has stopped; rejects with what ended it. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /** Where it answers queries; undefined where it does not. @internal */
  get server(): ServerAddress | undefined {
    return this.#server && { url: this.#server.url, host: hostName() };
  }

  /** Where the worker that has a task answers queries; null where it does not, undefined while no worker has the task. @internal */
  serverOf(task: string): ServerAddress | null | undefined {
    return this.#servers.get(task);
  }

  /** Whether it has its tasks, and all of them process records. */
  get settled(): boolean {
    const isAssigned = !this.#rebalancing && !this.#isPartial && !this.context.member.isRejoining;
    return !this.#failure && isAssigned && this.tasks.opening === 0;
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

  /** Runs something between two slices of processing, with everything before it committed if Kafka lets it. */
  afterCommit<T>(work: () => T | Promise<T>): Promise<T> {
    return this.#mutex.run(async () => {
      await this.#commit();
      return work();
    });
  }

  /**
   * Finishes the current record, commits, leaves the group and disconnects. Safe to call twice. A worker with an
   * `instanceId` does not leave: its tasks wait for it until its session is over.
   */
  stop(): Promise<void> {
    return this.#stopping ??= this.#end();
  }

  /** The same as {@linkcode stop}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const wake = this.#wake.promise;
      const worked = await this.#mutex.run(() => this.#slice()).catch((error) => {
        if (isOutOfGroup(error)) this.#rebalancing = true;
        else this.#fail(error);
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
    for (const task of this.tasks.running()) {
      worked = await this.tasks.process(task, SLICE_RECORDS) || worked;
      task.writer.start();
      if (task.writer.waitingBytes > WAITING_BYTES) await task.writer.waitFor(WAITING_BYTES / 2);
    }
    if (this.#commits.isDue) {
      if (this.#commits.settled) this.#purge.maybePurge(this.tasks.running());
      await this.#commit({ async: true });
    }
    return worked;
  }

  /** Commits what was processed. False if the group has gone on without this worker. */
  async #commit(options: CommitOptions = {}): Promise<boolean> {
    if (this.#rebalancing) return false;
    try {
      const failed = await this.#commits.make(this.tasks.running(), options);
      for (const { task, error } of failed) {
        if (isFatal(error)) throw error;
        await this.tasks.reopen(task, error);
      }
      return true;
    } catch (error) {
      if (!isOutOfGroup(error)) throw error;
      // Frozen too long, or Kafka was away: others may have the tasks. The next join tells, and its tasks are reopened.
      this.#rebalancing = true;
      return false;
    }
  }

  async #onRevoke(partitions: readonly TopicPartition[]): Promise<void> {
    await this.#mutex.run(async () => {
      const isCommitted = await this.#commit().catch((error) => this.#fail(error));
      if (!this.context.member.isCooperative) this.#rebalancing = true;
      else if (!this.#stop.signal.aborted) {
        await this.tasks.giveUp(partitions, { dirty: !isCommitted });
      }
    });
  }

  async #onAssign({ partitions, identity, kept, informed }: GroupAssignment): Promise<void> {
    const { standbys, servers } = informationOf(informed);
    await this.#mutex.run(async () => {
      if (this.#stop.signal.aborted) return;
      this.#identity = identity;
      this.#servers = new Map(
        servers.flatMap(({ server, tasks }) => tasks.map((task) => [task, server])),
      );
      this.#isPartial = isPartial(informed, this.tasks.all);
      const stands = this.#membership.renew(this.context.member.syncedMs) && kept;
      if (!stands) {
        this.#tenure++;
        this.#commits.abandon();
        await this.context.sharedWriter?.reset();
      }
      this.context.emit({
        kind: "assigned",
        tasks: [...this.tasks.namesOf(partitions)].sort(),
        standbys,
        isPartial: this.#isPartial,
      });
      this.standbys.keepOnly(standbys);
      await this.tasks.applyAssignment(partitions, { kept: stands });
      this.standbys.open(standbys);
      this.#rebalancing = false;
    });
    this.#wakeUp();
  }

  #received({ topic, partition, unread }: Fetched): void {
    this.tasks.owner(topic, partition)?.enqueue(topic, unread);
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
    this.#stop.abort();
    this.#wakeUp();
    await deadline(this.#endInOrder(), STOP_MS, () => {
      const why = `Cannot stop "${this.context.topology.appId}" in order: Kafka does not answer ` +
        "(what was not committed comes again)";
      return new KafkaError(why);
    }).catch((error) => this.#failure ??= { error });
    await this.#status?.close();
    await this.#server?.close();
    await this.#session?.close().catch(() => {});
    if (this.#failure) this.#done.reject(this.#failure.error);
    else this.#done.resolve();
  }

  async #endInOrder(): Promise<void> {
    const failure = this.#failure?.error;
    await this.#loop;
    if (keepsProgress(failure, this.context.guarantee)) {
      await this.#mutex.run(async () => {
        await this.#commit();
        this.#rebalancing = true;
      }).catch((error) => this.#failure ??= { error });
    }
    await forgetReplaced(this.context, failure, this.tasks.running());
    await this.tasks.closeAll({ dirty: this.#failure !== undefined });
    await this.standbys.close();
    await this.#purge.done;
    await this.context.fetcher.close();
    await this.#globals?.close();
    await this.context.member.leave().catch(() => {});
  }
}
