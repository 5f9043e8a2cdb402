/**
 * A copy of a task's rows that is kept up to date from its changelogs, and processes nothing.
 *
 * @module
 */
import type { LogRecord } from "../../kafka/engine.ts";
import type { Checkpoint, StoreProvider, TaskStorage } from "../state/row_store.ts";
import { TaskStore } from "../state/task_store.ts";
import { type TaskId, taskName } from "../topology/plan.ts";
import { changelogTopic, storeOf, type Topology } from "../topology/topology.ts";
import { readMetadata } from "./offset_metadata.ts";

/** The changelog topics of a task's stores. */
export function changelogsOf(topology: Topology, { subTopology }: TaskId): readonly string[] {
  return topology.subTopologies[subTopology]!.stores
    .filter((name) => storeOf(topology, name).logged)
    .map((name) => changelogTopic(topology.appId, name));
}

/** The stores of one task, filled by its changelogs alone. */
export class StandbyTask {
  readonly name: string;
  readonly partition: number;
  readonly #storage: TaskStorage;
  /** By changelog. */
  readonly #stores: ReadonlyMap<string, TaskStore>;
  /** Which incarnation of the application the rows belong to; unknown until its first offsets are committed. */
  incarnation: string | undefined;

  /**
   * Opens what the provider has of the task. Rows that belong to another incarnation are thrown away.
   *
   * @param incarnation What the committed offsets say; see {@link incarnationOf}
   */
  constructor(
    topology: Topology,
    id: TaskId,
    { stores, incarnation }: {
      readonly stores: StoreProvider;
      readonly incarnation: string | undefined;
    },
  ) {
    this.name = taskName(id);
    this.partition = id.partition;
    this.incarnation = incarnation;
    this.#storage = stores.open(this.name);
    const names = topology.subTopologies[id.subTopology]!.stores;
    const opened = names.map((name) => {
      const spec = storeOf(topology, name);
      const topic = spec.logged ? changelogTopic(topology.appId, name) : null;
      return new TaskStore(spec, this.#storage.store(spec), topic);
    });
    this.#stores = new Map(
      opened.flatMap((store) =>
        store.changelogTopic === null ? [] : [[store.changelogTopic, store]]
      ),
    );
    const checkpoint = this.#storage.checkpoint();
    const isOurs = checkpoint !== undefined && incarnation !== undefined &&
      incarnationOf(checkpoint.metadata) === incarnation;
    if (!isOurs) this.clear();
  }

  /** Where to read on, by changelog; undefined where nothing of it is here. */
  position(changelog: string): number | undefined {
    return this.#offsets()[changelog];
  }

  /** The changelogs that it follows. */
  get changelogs(): readonly string[] {
    return [...this.#stores.keys()];
  }

  /** Puts rows of a changelog into their store. */
  restore(changelog: string, records: readonly LogRecord[]): void {
    this.#stores.get(changelog)!.restore(records);
  }

  /** Deletes all rows. */
  clear(): void {
    for (const store of this.#stores.values()) store.clear();
    this.#storage.commit({ offsets: {}, metadata: "" });
  }

  /** How many rows there are, by store. */
  rows(): Readonly<Record<string, number>> {
    return Object.fromEntries(
      [...this.#stores.values()].map(({ spec, rows }) => [spec.name, rows.size]),
    );
  }

  /** Makes the rows durable together with where they stand in their changelogs. */
  commit(positions: Readonly<Record<string, number>>): void {
    const { incarnation } = this;
    if (incarnation === undefined) return;
    const offsets = { ...this.#offsets(), ...positions };
    this.#storage.commit({ offsets, metadata: JSON.stringify({ incarnation: incarnation }) });
  }

  /** Releases the rows for the worker that opens the task next. What was not committed is forgotten. */
  close(): void {
    this.#storage.close({ dirty: this.incarnation === undefined });
  }

  #offsets(): Checkpoint["offsets"] {
    return this.#storage.checkpoint()?.offsets ?? {};
  }
}

/** The incarnation that a task's metadata names; undefined where it names none. */
export function incarnationOf(metadata: string): string | undefined {
  const text = readMetadata(metadata || "{}");
  return text.startsWith("{")
    ? (JSON.parse(text) as { incarnation?: string }).incarnation
    : undefined;
}
