/**
 * A test driver: the real tasks on topics in memory. Deterministic, with time travel.
 *
 * @module
 */
import { memoryStores } from "../state/memory_store.ts";
import { GlobalState } from "../task/global_state.ts";
import type { TaskMetrics } from "../task/metrics.ts";
import type { OutputRecord, RawRecord } from "../task/records.ts";
import { readySerdes } from "../task/ready.ts";
import { Task } from "../task/task.ts";
import { expandPatterns } from "../topology/patterns.ts";
import { type Plan, planTopics } from "../topology/plan.ts";
import type { Topic } from "../topology/topic.ts";
import { changelogTopic, storeOf, type Topology } from "../topology/topology.ts";
import {
  decodeOutput,
  type DriverInput,
  type DriverRecord,
  encodeInput,
  outputTopic,
} from "./driver_records.ts";
import { DrivenTask, type Snapshot } from "./driven_task.ts";
import { Logs } from "./logs.ts";
import { type StepTrace, traceChanges, TraceRecorder } from "./step_trace.ts";

/** Options of {@linkcode TestDriver}. */
export interface TestDriverOptions {
  /** Partitions of the topics outside: of all, or by name. @default 1 */
  readonly partitions?: number | Readonly<Record<string, number>>;
  /** Names of the topics there are, for sources that read by a pattern. @default none */
  readonly topics?: readonly string[];
  /** What the wall clock shows at the beginning, epoch milliseconds. @default 0 */
  readonly startMs?: number;
  /** Steps of a task between two commits; matters to `crash()`. @default 1 */
  readonly commitEvery?: number;
  /** "exactly-once": results become visible at the commit, never before. @default the application's */
  readonly guarantee?: "at-least-once" | "exactly-once";
  /** Called at the end of each step, also of one in which only timers fired. @default none */
  readonly onStep?: (step: StepTrace) => void;
}

/** A step's end state of one task, and of the world. */
interface Undo extends Snapshot {
  readonly marks: ReadonlyMap<string, readonly number[]>;
  readonly nowMs: number;
}

/** As many steps as one record from outside may cause where records can come round. */
const MOST_STEPS = 10_000;

/** Runs an application without a broker. */
export class TestDriver {
  /** The topology that is driven, as plain data. */
  readonly topology: Topology;
  /** Its topics and tasks, with the partitions of this driver's options. */
  readonly plan: Plan;
  readonly #logs: Logs;
  readonly #globals: GlobalState;
  readonly #recorder = new TraceRecorder();
  readonly #driven: readonly DrivenTask[];
  #undo: Undo[] = [];
  /** Serdes that ask somebody, as a schema registry, before the first record. */
  #ready: Promise<void> | undefined;
  readonly #read = new Map<string, number[]>();
  #nowMs: number;
  readonly #onStep: ((step: StepTrace) => void) | undefined;
  /** Topics that it reads and writes: a record may come round for ever. */
  readonly #rounds: readonly string[];
  /** Steps, and records from outside, since nothing was left. */
  #steps = 0;
  #fed = 0;

  /** Runs an application, or a topology that was built before. */
  constructor(source: { topology(): Topology } | Topology, options: TestDriverOptions = {}) {
    const { topics = [] } = options;
    this.topology = expandPatterns("nodes" in source ? source : source.topology(), topics);
    this.#nowMs = options.startMs ?? 0;
    this.#onStep = options.onStep;
    const { partitions = 1 } = options;
    const count = (topic: string) =>
      typeof partitions === "number" ? partitions : partitions[topic] ?? 1;
    const outside = this.topology.nodes.flatMap((node) =>
      node.source && !node.source.internal ? [node.source.topic] : []
    );
    this.#rounds = outside.filter((topic) =>
      this.topology.nodes.some(({ sink }) => sink?.topic === topic)
    );
    this.plan = planTopics(
      this.topology,
      Object.fromEntries(outside.map((topic) => [topic, count(topic)])),
    );
    const changelogs = new Map(this.plan.topics.map((one) => [one.name, one.partitions]));
    const partitionsOf = (topic: string) =>
      this.plan.partitions[topic] ?? changelogs.get(topic) ?? count(topic);
    this.#logs = new Logs(partitionsOf);
    const stores = memoryStores();
    this.#globals = new GlobalState(this.topology, { stores });
    const guarantee = options.guarantee ?? this.topology.guarantee;
    const rules = {
      exactlyOnce: guarantee === "exactly-once",
      commitEvery: options.commitEvery ?? 1,
    };
    this.#ready = readySerdes(this.topology)?.then(() => void (this.#ready = undefined));
    this.#ready?.catch(() => {});
    this.#driven = this.plan.tasks.map((id) => {
      const make = () =>
        new Task(this.topology, id, {
          clock: { now: () => this.#nowMs },
          stores,
          globals: this.#globals,
          partitions: partitionsOf,
          trace: this.#recorder,
        });
      return new DrivenTask(make, this.#logs, rules);
    });
  }

  /**
   * The tasks, by sub-topology and partition.
   *
   * @internal
   */
  get tasks(): readonly Task[] {
    return this.#driven.map((driven) => driven.task);
  }

  /** What the wall clock shows, epoch milliseconds. */
  get nowMs(): number {
    return this.#nowMs;
  }

  /**
   * Pipes records into a topic, one after another, each processed to its end before the next.
   *
   * @returns a promise when an agent or an asynchronous serde is at work: await it
   */
  pipe<K, V>(topic: Topic<K, V>, ...records: DriverInput<K, V>[]): void | Promise<void> {
    if (this.#ready) return this.#ready.then(() => this.pipe(topic, ...records));
    for (const [at, record] of records.entries()) {
      const late = this.enqueue(topic, record) ?? this.run();
      if (late) {
        return late.then(() => this.run()).then(() => this.pipe(topic, ...records.slice(at + 1)));
      }
    }
  }

  /** Appends records to a topic without processing them; `step()` or `run()` does. */
  enqueue<K, V>(topic: Topic<K, V>, ...records: DriverInput<K, V>[]): void | Promise<void> {
    this.#fed += records.length;
    const raw = records.map((record) => encodeInput(topic, record));
    const waiting = raw.filter((one) => one instanceof Promise);
    if (waiting.length === 0) return this.#append(raw as OutputRecord[]);
    return Promise.all(raw).then((ready) => this.#append(ready));
  }

  /** Processes until nothing is left. @returns a promise when something is at work: await it */
  run(): void | Promise<void> {
    if (this.#ready) return this.#ready.then(() => this.run());
    for (;;) {
      const trace = this.step();
      if (trace instanceof Promise) return trace.then(() => this.run());
      if (trace === undefined) return;
      if (++this.#steps > MOST_STEPS + 100 * this.#fed && this.#rounds.length > 0) {
        throw new RangeError(
          `Cannot come to an end: after ${this.#steps} steps there are still records in ` +
            `"${this.#rounds.join('", "')}", which "${this.topology.appId}" reads and writes ` +
            "(let some records out of the round)",
        );
      }
    }
  }

  /**
   * Processes one record in one task, and tells what happened.
   *
   * @returns undefined when nothing is left; a promise when something is at work: await it
   */
  step(): StepTrace | undefined | Promise<StepTrace | undefined> {
    // The last sub-topologies first: a repartition topic is empty before the next record comes in.
    for (const driven of this.#driven.toReversed()) {
      driven.feed();
      if (driven.task.buffered() > 0) return this.#act(driven, () => driven.task.step());
    }
    this.#steps = this.#fed = 0;
    return undefined;
  }

  /** Takes back the last step. @returns false when there is none */
  back(): boolean {
    const undo = this.#undo.pop();
    if (!undo) return false;
    this.#nowMs = undo.nowMs;
    this.#logs.truncate(undo.marks);
    undo.driven.undo(undo);
    for (const driven of this.#driven) if (driven !== undo.driven) driven.rewind();
    return true;
  }

  /** Commits every task now. */
  commit(): void {
    for (const driven of this.#driven) driven.commit((record) => this.#append([record]));
  }

  /**
   * Kills the process and starts it again: what was not committed is lost, tables come back from their changelogs.
   * `run()` then processes again what was processed but not committed.
   */
  crash(): void {
    for (const driven of this.#driven) driven.crash();
    this.#undo = [];
  }

  /** Moves the wall clock on and fires the punctuators that are due. */
  advanceWallClock(byMs: number): void | Promise<void> {
    this.#nowMs += byMs;
    let work: Promise<unknown> | undefined;
    for (const driven of this.#driven) {
      const trace = this.#act(driven, () => driven.task.punctuate());
      if (trace instanceof Promise) work = Promise.all([work, trace]);
    }
    return work ? work.then(() => this.run()) : this.run();
  }

  /** The records that came to a topic since the last call, by partition. Serdes: the topic's, or the sink's. */
  read<K = unknown, V = unknown>(topic: Topic<K, V> | string): DriverRecord<K, V>[] {
    const out = outputTopic(this.topology, topic);
    const { name } = out;
    this.#mustKnow("read", name);
    const seen = this.#read.get(name) ?? [];
    const found: DriverRecord<K, V>[] = [];
    for (let partition = 0; partition < this.#logs.partitionsOf(name); partition++) {
      const from = Math.min(seen[partition] ?? 0, this.#logs.size(name, partition));
      for (const raw of this.#logs.read(name, partition, from)) {
        found.push(decodeOutput(out, raw, partition));
      }
      seen[partition] = this.#logs.size(name, partition);
    }
    this.#read.set(name, seen);
    return found;
  }

  /** The rows of a store over all partitions, decoded. */
  table<K = unknown, V = unknown>(store: string): Map<K, V> {
    storeOf(this.topology, store);
    const rows = new Map<K, V>();
    const stores = [
      this.#globals.store(store),
      ...this.tasks.map((task) => task.stores.get(store)),
    ];
    for (const one of stores) {
      for (const [key, row] of one?.all() ?? []) {
        rows.set(one!.decodeKey(key) as K, row.value.value as V);
      }
    }
    return rows;
  }

  /** Raw records of a store's changelog, all partitions. */
  changelog(store: string): (RawRecord & { readonly partition: number })[] {
    const name = changelogTopic(this.topology.appId, storeOf(this.topology, store).name);
    return Array.from(
      { length: this.#logs.partitionsOf(name) },
      (_, partition) => this.#logs.read(name, partition).map((raw) => ({ ...raw, partition })),
    ).flat();
  }

  /** Raw records of any topic's partition, as they would be on a broker. */
  log(topic: string, partition = 0): readonly RawRecord[] {
    this.#mustKnow("read", topic);
    return this.#logs.read(topic, partition);
  }

  /** Counters of every task. */
  metrics(): TaskMetrics[] {
    return this.tasks.map((task) => task.metrics());
  }

  /** Closes every task. */
  close(): void {
    for (const task of this.tasks) task.close();
  }

  /** Closes it at the end of a `using` block. */
  [Symbol.dispose](): void {
    this.close();
  }

  /** @throws {RangeError} If the application neither reads nor writes such a topic */
  #mustKnow(doing: string, name: string): void {
    const { nodes, errors } = this.topology;
    // Written to topics that are chosen per record, or by an agent, may be anything.
    if (
      nodes.some(({ sink, operator }) => operator === "agent" || typeof sink?.topic === "function")
    ) {
      return;
    }
    const known = new Set([
      ...nodes.flatMap(({ source, sink }) => [source?.topic, sink?.topic as string | undefined]),
      ...this.plan.topics.map((one) => one.name),
      errors.deadLetterTopic,
    ]);
    known.delete(undefined);
    if (known.has(name)) return;
    const names = [...known].map((one) => `"${one}"`).join(", ");
    throw new RangeError(
      `Cannot ${doing} topic "${name}": "${this.topology.appId}" knows no such topic (there are ${names})`,
    );
  }

  #append(records: readonly OutputRecord[]): void | Promise<void> {
    for (const record of records) {
      if (this.#globals.topics.includes(record.topic)) {
        const raw = { ...record, offset: 0 };
        const late = this.#globals.update(record.topic, [raw]);
        if (late) return late;
      } else this.#logs.append(record);
    }
  }

  /** Lets a task do something, notes how to undo it, and moves what came out. */
  #act(
    driven: DrivenTask,
    action: () => boolean | Promise<void>,
  ): StepTrace | undefined | Promise<StepTrace | undefined> {
    const { task } = driven;
    const before = { ...driven.snapshot(), marks: this.#logs.mark(), nowMs: this.#nowMs };
    this.#recorder.clear();
    const finish = (outputs: readonly OutputRecord[], changelog: readonly OutputRecord[]) => {
      driven.pass(outputs, changelog, (record) => this.#append([record]));
      const changes = driven.takeChanges();
      this.#undo.push({ ...before, changes });
      const step: StepTrace = {
        task: task.name,
        record: this.#recorder.origin,
        path: this.#recorder.events,
        changes: traceChanges(changes, task.stores),
        streamTime: task.streamTime,
      };
      this.#onStep?.(step);
      return step;
    };
    const take = () => {
      const outputs = task.takeOutputs(), changelog = task.takeChangelog();
      return outputs instanceof Promise || changelog instanceof Promise
        ? Promise.all([outputs, changelog]).then(([out, log]) => finish(out, log))
        : finish(outputs, changelog);
    };
    const done = action();
    return done instanceof Promise ? done.then(take) : take();
  }
}
