/**
 * Typed queries: a program asks a running worker for the rows of a table it has built.
 *
 * @module
 */
import { belongsTo } from "../state/layout.ts";
import { afterPrefix, type StateKey, timeKey, toStateKey } from "../state/state_key.ts";
import { storeOf } from "../topology/topology.ts";
import { ownerOf, rowOf, rowsOf, storesOf, type TableRow } from "./tables.ts";
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

/** The rows of a table that this worker has. Each answer is what holds at that moment. */
export class TableView<K, V> {
  /** @internal */
  constructor(readonly worker: Worker, readonly name: string) {}

  /** The value of a key; undefined where there is none, or another worker has it (see `owner`). */
  async get(key: K): Promise<V | undefined> {
    const bare = await this.bare(key);
    for (const { store } of storesOf(this.worker, this.name)) {
      const row = store.get(bare)?.value;
      await row?.decode();
      if (row) return row.value as V;
    }
    return undefined;
  }

  /** Every row, task by task, in the order of the keys' bytes. */
  rows(): Generator<ViewedRow<K, V>> {
    return rowsOf(this.worker, this.name) as Generator<ViewedRow<K, V>>;
  }

  /** The task that has a key, and whether it runs in this worker. */
  owner(key: K): { readonly task: string; readonly here: boolean } {
    return ownerOf(this.worker, this.name, key);
  }

  /** @internal */
  protected async bare(key: K): Promise<StateKey> {
    const spec = storeOf(this.worker.context.topology, this.name);
    const bytes = await spec.key.encode(key, spec.topic ?? this.name);
    if (bytes) return toStateKey(bytes);
    throw new TypeError(`Cannot look up null in table "${this.name}": no row has it as its key`);
  }
}

/** The rows of a windowed table that this worker has; keys are bare, each row tells its window. */
export class WindowView<K, V> extends TableView<K, V> {
  /**
   * The windows of one key that begin in `[fromMs, toMs)`, oldest first; only they are read.
   *
   * @param range @default all of them
   */
  async windows(
    key: K,
    { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER }: {
      readonly fromMs?: number;
      readonly toMs?: number;
    } = {},
  ): Promise<ViewedRow<K, V>[]> {
    const bare = await this.bare(key), found: TableRow[] = [];
    for (const { name, store } of storesOf(this.worker, this.name)) {
      const { layout } = store.spec;
      // Sessions are stored by their end, so those that begin in the range may lie anywhere after its beginning.
      const to = layout === "session" ? afterPrefix(bare) : bare + timeKey(Math.max(0, toMs));
      for (const [stateKey, row] of store.range(bare + timeKey(Math.max(0, fromMs)), to)) {
        if (!belongsTo(layout, stateKey, bare)) continue;
        await row.value.decode();
        found.push(rowOf(store, stateKey, row, name));
      }
    }
    return found.filter(({ window }) => window!.start >= fromMs && window!.start < toMs)
      .sort((a, b) => a.window!.start - b.window!.start) as ViewedRow<K, V>[];
  }

  /** The result of the window that begins at a time; undefined where there is none here. */
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
