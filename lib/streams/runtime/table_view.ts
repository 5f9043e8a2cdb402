/**
 * Typed queries: a program asks a running worker for the rows of a table it has built.
 *
 * @module
 */
import { storeOf } from "../topology/topology.ts";
import { type KeyOwner, ownerOf, rowOf, rowsOf, type TableRow } from "./tables.ts";
import type { Worker } from "./worker.ts";

/** A table as the DSL gives it: of an aggregation, of a topic, of an agent, or global. */
export interface QueriedTable<K, V> {
  /** Its store; undefined where it keeps none. */
  readonly name: string | undefined;
  /** Only for its types: a table of other keys and values is another type. */
  readonly rowType?: readonly [K, V] | undefined;
}

/** A row with the table's types. */
export interface ViewedRow<K, V> extends TableRow {
  /** The bare key, also of a windowed table. */
  readonly key: K;
  /** As the table's value serde reads it. */
  readonly value: V;
}

/** The rows of a table. A key is looked up wherever it is; what lists rows has those of this worker. */
export class TableView<K, V> {
  /** @internal */
  constructor(readonly worker: Worker, readonly name: string) {}

  /**
   * The value of a key, of this worker or asked of the one that has it; undefined where there is none. Waits while the
   * group rebalances.
   *
   * @throws {Error} If the key's task does not run in half a minute, or its worker answers no queries
   */
  async get(key: K): Promise<V | undefined> {
    return (await this.find(key)).at(-1)?.value;
  }

  /** Every row that this worker has, task by task, in the order of the keys' bytes. */
  rows(): Generator<ViewedRow<K, V>> {
    return rowsOf(this.worker, this.name) as Generator<ViewedRow<K, V>>;
  }

  /** The task that has a key, and where it runs. */
  owner(key: K): KeyOwner {
    return ownerOf(this.worker, this.name, key);
  }

  /** @internal */
  protected async find(
    key: K,
    range: { readonly fromMs?: number; readonly toMs?: number } = {},
  ): Promise<ViewedRow<K, V>[]> {
    const spec = storeOf(this.worker.context.topology, this.name);
    const bytes = await spec.key.encode(key, spec.topic ?? this.name);
    if (!bytes) {
      throw new TypeError(`Cannot look up null in table "${this.name}": no row has it as its key`);
    }
    const found = await this.worker.queries.find({ table: this.name, key: bytes, ...range });
    for (const { row } of found) await row.value.decode();
    return found.map(({ key, row, task }) => rowOf(spec, key, row, task) as ViewedRow<K, V>);
  }
}

/** The rows of a windowed table; keys are bare, each row tells its window. */
export class WindowView<K, V> extends TableView<K, V> {
  /**
   * The windows of one key that begin in `[fromMs, toMs)`, oldest first, of this worker or of the one that has the key.
   *
   * @param range @default all of them
   */
  async windows(
    key: K,
    range: { readonly fromMs?: number; readonly toMs?: number } = {},
  ): Promise<ViewedRow<K, V>[]> {
    const { fromMs = 0, toMs = Infinity } = range, found = await this.find(key, range);
    return found.filter(({ window }) => window!.start >= fromMs && window!.start < toMs)
      .sort((a, b) => a.window!.start - b.window!.start);
  }

  /** The result of the window that begins at a time, or of the last one; undefined where there is none. */
  override async get(key: K, startMs?: number): Promise<V | undefined> {
    const all = startMs === undefined
      ? await this.windows(key)
      : await this.windows(key, { fromMs: startMs, toMs: startMs + 1 });
    return all.at(-1)?.value;
  }
}

/** @throws {TypeError} If the table has no store */
export function viewOf<K, V>(
  worker: Worker,
  { name }: QueriedTable<K, V>,
): TableView<K, V> | WindowView<K, V> {
  if (name === undefined) {
    throw new TypeError(
      "Cannot query this table: it follows from another one and keeps no rows of its own (give it a name, as in " +
        'filter(…, { name: "high-fares" }))',
    );
  }
  const { layout } = storeOf(worker.context.topology, name);
  return layout === "window" || layout === "session"
    ? new WindowView(worker, name)
    : new TableView(worker, name);
}
