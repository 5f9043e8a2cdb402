/**
 * A task: one sub-topology on one partition. The same code runs under the test driver and on the broker.
 *
 * @module
 */
import { FlowRecord } from "../operators/flow_record.ts";
import type { NumberCell, Operator, Schedule, Scheduled } from "../operators/operator.ts";
import { DecodeError } from "../state/encoded_value.ts";
import type { TaskStorage } from "../state/row_store.ts";
import { type ChangelogRecord, TaskStore } from "../state/task_store.ts";
import { type TaskId, taskName } from "../topology/plan.ts";
import { changelogTopic, nodeOf, storeOf, type Topology } from "../topology/topology.ts";
import type { ErrorStage } from "../topology/error_rules.ts";
import type { SinkSpec } from "../topology/node.ts";
import { readsValue } from "./lookahead.ts";
import { PartitionGroup } from "./partition_group.ts";
import type { TaskMetrics } from "./metrics.ts";
import { Numbers, readTimes } from "./numbers.ts";
import { RecordCollector } from "./record_collector.ts";
import { RecordQueue } from "./record_queue.ts";
import { Punctuators } from "./punctuators.ts";
import { ErrorHandler } from "./error_handler.ts";
import type { OutputRecord, RawRecord, RecordRun } from "./records.ts";
import { type NodeHost, ProcessorNode } from "./processor_node.ts";
import { SinkOperator } from "./sink.ts";
import type { TaskOptions } from "./task_options.ts";
import type { Trace } from "./trace.ts";

/** One sub-topology on one partition. */
export class Task implements NodeHost {
  readonly name: string;
  readonly appId: string;
  readonly partition: number;
  readonly stores: ReadonlyMap<string, TaskStore>;
  trace: Trace | undefined;
  /** The incarnation of the application that its rows and times belong to: a reset, or another cluster, starts a new one. */
  incarnation: string | undefined;
  readonly #storage: TaskStorage;
  readonly #options: TaskOptions;
  readonly #inputs: PartitionGroup;
  readonly #nodes = new Map<string, ProcessorNode>();
  readonly #sources = new Map<RecordQueue, ProcessorNode>();
  readonly #collector = new RecordCollector();
  readonly #errors: ErrorHandler;
  readonly #numbers = new Numbers();
  readonly #streamPunctuators = new Punctuators();
  readonly #wallPunctuators = new Punctuators();
  readonly #time: NumberCell;
  #deferred: Promise<void> | undefined;
  #processed = 0;

  constructor(readonly topology: Topology, readonly id: TaskId, options: TaskOptions) {
    this.name = taskName(id);
    this.appId = topology.appId;
    this.partition = id.partition;
    this.trace = options.trace;
    this.#options = options;
    this.#storage = options.stores.open(this.name);
    const { isCaughtUp } = options, now = () => this.now();
    this.#errors = new ErrorHandler(options.errors ?? topology.errors, { ...options, now });
    const skipHead = (queue: RecordQueue, error: unknown) => this.#skipHead(queue, error);
    this.#inputs = new PartitionGroup({ skipHead, now, isCaughtUp });
    this.#time = this.#numbers.cell("time", -1);
    const sub = topology.subTopologies[id.subTopology]!;
    this.stores = new Map(sub.stores.map((name) => {
      const spec = storeOf(topology, name);
      const changelog = spec.logged ? changelogTopic(topology.appId, name) : null;
      return [name, new TaskStore(spec, this.#storage.store(spec), changelog)];
    }));
    const checkpoint = this.#storage.checkpoint();
    if (checkpoint) this.restoreMetadata(checkpoint.metadata);
    this.#build(sub.nodes);
  }

  /** The topics whose empty queues the last `step()` waited for. */
  get waitingFor(): readonly string[] {
    return this.#inputs.waitingFor;
  }

  /** Whether the last `step()` waits for a serde, and nothing is half done. */
  get decoding(): boolean {
    return this.#deferred === undefined && this.#inputs.decoding;
  }

  /** Greatest event time processed; -1 before the first record. */
  get streamTime(): number {
    return this.#time.value;
  }

  /** Appends records that were read from a source topic: a list, or a run that makes each when its turn comes. */
  enqueue(topic: string, records: readonly RawRecord[] | RecordRun): void {
    this.#inputs.add(topic, records);
  }

  /** Records that wait, of one topic or of all. */
  buffered(topic?: string): number {
    let records = 0;
    for (const queue of this.#inputs.queues) {
      if (topic === undefined || queue.source.topic === topic) records += queue.size;
    }
    return records;
  }

  /**
   * Processes the record with the lowest time among the heads of the queues.
   *
   * @returns true: one record was taken; false: there is nothing to do; a promise: something is still at work, await it and call again
   * @throws {StreamsError} If a record fails and the policy is "fail"
   */
  step(): boolean | Promise<void> {
    if (this.#deferred) return this.#deferred;
    const queue = this.#inputs.choose();
    if (queue === undefined || queue instanceof Promise) return queue ?? false;
    const record = queue.head() as FlowRecord, before = queue.nextOffset;
    this.#inputs.take(queue);
    this.#processed++;
    try {
      const source = this.#sources.get(queue)!;
      this.#time.value = Math.max(this.#time.value, record.timestamp);
      if (record.timestamp < 0) source.drop("negative time", record);
      else source.receive(record);
    } catch (error) {
      // It was not processed: what goes on after the failure must read it again.
      queue.nextOffset = before;
      throw error;
    }
    if (this.#time.value >= 0) this.#streamPunctuators.fire(this.#time.value);
    return this.#deferred ?? true;
  }

  /** Fires the wall-clock punctuators that are due. */
  punctuate(): boolean | Promise<void> {
    if (this.#deferred) return this.#deferred;
    const fired = this.#wallPunctuators.fire(this.now());
    return this.#deferred ?? fired;
  }

  /** Takes the records to be written, in order. */
  takeOutputs(): OutputRecord[] | Promise<OutputRecord[]> {
    return this.#collector.take();
  }

  /** How many rows have changed since they were last taken. */
  get changedRows(): number {
    let rows = 0;
    for (const store of this.stores.values()) rows += store.pendingChanges;
    return rows;
  }

  /** Takes the latest value of every row changed since the last call. */
  takeChangelog(): ChangelogRecord[] | Promise<ChangelogRecord[]> {
    const records = new RecordCollector<ChangelogRecord>();
    for (const store of this.stores.values()) {
      for (const record of store.takeChangelog(this.partition)) records.add(record);
    }
    return records.take();
  }

  /** Source topic -> next offset to commit, of the topics something was processed of. */
  positions(): ReadonlyMap<string, number> {
    const positions = new Map<string, number>();
    for (const { source, nextOffset } of this.#inputs.queues) {
      if (nextOffset !== undefined) positions.set(source.topic, nextOffset);
    }
    return positions;
  }

  /** Stream times of task, partitions and operators as text; goes with the committed offsets. */
  metadata(): string {
    const partitions = Object.fromEntries(
      this.#inputs.queues.map((queue) => [queue.source.topic, queue.partitionTime]),
    );
    return JSON.stringify({
      numbers: this.#numbers.save(),
      partitions,
      incarnation: this.incarnation,
    });
  }

  /** Sets what `metadata()` told; text it does not understand is ignored. */
  restoreMetadata(text: string): void {
    const times = readTimes(text);
    if (!times) return;
    const { numbers, partitions, incarnation } = times;
    this.incarnation = incarnation;
    this.#numbers.load(numbers);
    for (const queue of this.#inputs.queues) {
      queue.partitionTime = partitions[queue.source.topic] ?? -1;
    }
  }

  /** Why rows that were on disk had to be discarded. */
  get damage(): string | undefined {
    return this.#storage.damage;
  }

  /** What the rows on disk correspond to: next changelog offsets, and the metadata. */
  checkpoint() {
    return this.#storage.checkpoint();
  }

  /** Makes rows, changelog offsets and metadata durable together. */
  commit(changelogOffsets: Readonly<Record<string, number>> = {}): void {
    const offsets = { ...this.#storage.checkpoint()?.offsets, ...changelogOffsets };
    this.#storage.commit({ offsets, metadata: this.metadata() });
  }

  /** Counters as plain data. */
  metrics(): TaskMetrics {
    return {
      task: this.name,
      processed: this.#processed,
      buffered: this.buffered(),
      streamTime: this.streamTime,
      errors: this.#errors.count,
      nodes: Object.fromEntries([...this.#nodes].map(([name, node]) => [name, node.metrics()])),
      rows: Object.fromEntries([...this.stores].map(([name, store]) => [name, store.rows.size])),
    };
  }

  /** Closes the stores. `dirty` forgets what was not committed. */
  close(options: { readonly dirty?: boolean } = {}): void {
    for (const node of this.#nodes.values()) node.operator.close?.();
    this.#storage.close(options);
  }

  /** The queues, for time travel. */
  get queues(): readonly RecordQueue[] {
    return this.#inputs.queues;
  }

  now(): number {
    return this.#options.clock.now();
  }

  store(name: string): TaskStore {
    const store = this.stores.get(name) ?? this.#options.globals?.store(name);
    if (!store) throw new RangeError(`Cannot use store "${name}" in task ${this.name}`);
    return store;
  }

  number(name: string, initial: number): NumberCell {
    return this.#numbers.cell(name, initial);
  }

  schedule(schedule: Schedule, node: string, callback: (timeMs: number) => void): Scheduled {
    const { clock, everyMs, startMs } = schedule;
    // Stream time begins at 0 for everybody; the wall clock, where we are.
    if (clock === "stream") {
      const name = `${node}.next.${this.#streamPunctuators.size}`;
      const next = this.#numbers.cell(name, startMs ?? 0);
      return this.#streamPunctuators.add(schedule, callback, next);
    }
    const nowMs = this.now(), anchorMs = startMs ?? nowMs + everyMs;
    const missed = Math.ceil(Math.max(0, nowMs - anchorMs) / everyMs);
    return this.#wallPunctuators.add(schedule, callback, { value: anchorMs + missed * everyMs });
  }

  defer(work: Promise<void>): void {
    const all = this.#deferred ? Promise.all([this.#deferred, work]) : work;
    const deferred: Promise<void> = Promise.resolve(all).then(() => {}).finally(() => {
      if (this.#deferred === deferred) this.#deferred = undefined;
    });
    this.#deferred = deferred;
  }

  fail(stage: ErrorStage, node: string, record: FlowRecord, cause: unknown): void {
    const letter = this.#errors.handle(stage, node, record, cause);
    if (letter) this.write(node, letter);
  }

  /** Applies the decode policy to a queue's head and takes it away, or lets it wait. @throws {StreamsError} */
  #skipHead(queue: RecordQueue, error: unknown): void {
    const source = this.#sources.get(queue)!, nowMs = this.now();
    const cause = error instanceof DecodeError ? error.cause : error;
    if (this.#errors.shouldRetry(cause, queue.waitedMs(nowMs))) return queue.rest(nowMs);
    const record = FlowRecord.undecoded(queue.origin(), queue.headTimestamp);
    this.fail("decode", source.node, record, cause);
    source.drop("decode error", record);
    this.#inputs.take(queue);
    this.#processed++;
  }

  write(node: string, output: OutputRecord | Promise<OutputRecord | undefined>): void {
    if (this.trace && !(output instanceof Promise)) this.trace.wrote(node, output);
    this.#collector.add(output);
  }

  #build(names: readonly string[]): void {
    const specs = names.map((name) => nodeOf(this.topology, name));
    for (const spec of specs) {
      const operator = spec.sink ? this.#sink(spec.name, spec.sink) : spec.create!() as Operator;
      const stage = spec.sink ? "produce" : "process";
      const node = new ProcessorNode(spec.name, operator, stage, this);
      this.#nodes.set(spec.name, node);
      for (const { node: parent, output } of spec.parents) {
        this.#nodes.get(parent)!.connect(node, output);
      }
      if (spec.source) {
        const looks = readsValue(this.topology, spec.name);
        const queue = new RecordQueue(spec.source, this.partition, looks);
        this.#inputs.queues.push(queue);
        this.#sources.set(queue, node);
      }
    }
    for (const node of this.#nodes.values()) node.init();
  }

  #sink(node: string, spec: SinkSpec): SinkOperator {
    return new SinkOperator(spec, {
      partitions: this.#options.partitions ?? (() => 1),
      write: (output) => this.write(node, output),
      failed: (record, cause, again) => this.#errors.retryEncoding(node, record, cause, again),
    });
  }
}
