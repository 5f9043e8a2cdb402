/**
 * A task under the test driver: what it holds back until a commit, and how it comes back after a crash.
 *
 * @module
 */
import type { StateChange } from "../state/task_store.ts";
import type { OutputRecord } from "../task/records.ts";
import { Task } from "../task/task.ts";
import type { Logs } from "./logs.ts";

/** When results become visible and progress safe. */
export interface CommitRules {
  readonly exactlyOnce: boolean;
  /** Steps of a task between two commits. */
  readonly commitEvery: number;
}

/** What a task must be put back to. */
export interface Snapshot {
  readonly driven: DrivenTask;
  readonly changes: readonly StateChange[];
  readonly metadata: string;
  readonly positions: ReadonlyMap<string, number>;
  readonly held: readonly OutputRecord[];
  readonly committed: Committed;
  readonly sinceCommit: number;
  /** Whose turn it is among equal times. */
  readonly turns: readonly number[];
}

interface Committed {
  readonly positions: ReadonlyMap<string, number>;
  readonly metadata: string;
}

/** One task, its commits and its crashes. */
export class DrivenTask {
  task: Task;
  #held: OutputRecord[] = [];
  #committed: Committed = { positions: new Map(), metadata: "" };
  #sinceCommit = 0;
  readonly #fed = new Map<string, number>();

  constructor(readonly make: () => Task, readonly logs: Logs, readonly rules: CommitRules) {
    this.task = this.#open();
  }

  /** Enqueues what was written to the task's topics since the last call. */
  feed(): void {
    for (const { source } of this.task.queues) {
      const from = this.#fed.get(source.topic) ?? 0;
      const records = this.logs.read(source.topic, this.task.partition, from);
      if (records.length > 0) this.task.enqueue(source.topic, records);
      this.#fed.set(source.topic, from + records.length);
    }
  }

  /** Where the task stands, so that what comes next can be undone. */
  snapshot(): Omit<Snapshot, "changes"> {
    return {
      driven: this,
      metadata: this.task.metadata(),
      positions: this.task.positions(),
      held: [...this.#held],
      committed: this.#committed,
      sinceCommit: this.#sinceCommit,
      turns: this.task.queues.map((queue) => queue.turn),
    };
  }

  /** Takes the changes of rows since the last call. */
  takeChanges(): StateChange[] {
    return [...this.task.stores.values()].flatMap((store) => store.journal!.splice(0));
  }

  /** Passes on what came out of a step; commits when it is time. */
  pass(
    outputs: readonly OutputRecord[],
    changelog: readonly OutputRecord[],
    append: (record: OutputRecord) => void,
  ): void {
    if (this.rules.exactlyOnce) this.#held.push(...outputs);
    else outputs.forEach(append);
    this.#held.push(...changelog);
    if (++this.#sinceCommit >= this.rules.commitEvery) this.commit(append);
  }

  /** Makes progress safe: what was held back becomes visible together with it. */
  commit(append: (record: OutputRecord) => void): void {
    this.#held.forEach(append);
    this.#held = [];
    this.#sinceCommit = 0;
    this.#committed = { positions: this.task.positions(), metadata: this.task.metadata() };
    this.task.commit();
  }

  /** Puts the task back, rows, times and all. */
  undo(snapshot: Snapshot): void {
    for (const change of snapshot.changes.toReversed()) {
      this.task.store(change.store).undo(change);
    }
    this.task.restoreMetadata(snapshot.metadata);
    this.#held = [...snapshot.held];
    this.#committed = snapshot.committed;
    this.#sinceCommit = snapshot.sinceCommit;
    this.rewind(snapshot.positions);
    this.task.queues.forEach((queue, at) => queue.turn = snapshot.turns[at]!);
  }

  /** Sets the queues to what the topics hold from some positions on. */
  rewind(positions: ReadonlyMap<string, number> = this.task.positions()): void {
    for (const queue of this.task.queues) {
      const { topic } = queue.source;
      const next = positions.get(topic);
      queue.reset(this.logs.read(topic, this.task.partition, next ?? 0), next);
      this.#fed.set(topic, this.logs.size(topic, this.task.partition));
    }
  }

  /** Loses everything that was not committed, and starts again: changelog, offsets, times. */
  crash(): void {
    this.task.close({ dirty: true });
    this.#held = [];
    this.#sinceCommit = 0;
    this.task = this.#open();
    for (const store of this.task.stores.values()) {
      if (store.changelogTopic === null) continue;
      store.restore(this.logs.read(store.changelogTopic, this.task.partition));
    }
    this.task.restoreMetadata(this.#committed.metadata);
    this.rewind(this.#committed.positions);
  }

  #open(): Task {
    const task = this.make();
    for (const store of task.stores.values()) store.journal = [];
    return task;
  }
}
