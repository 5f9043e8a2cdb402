import { belongsTo } from "../../state/layout.ts";
import type { Row } from "../../state/row_store.ts";
import { type StateKey, timeKey } from "../../state/state_key.ts";
import type { TaskStore } from "../../state/task_store.ts";

/** A key of a table, and for windows when they begin. */
export interface KeyQuery {
  /** Name of the table. */
  readonly table: string;
  /** The bare key, encoded by the table's key serde. */
  readonly key: Uint8Array;
  /** Windows that begin in `[fromMs, toMs)`. @default all */
  readonly fromMs?: number;
  readonly toMs?: number;
}

/** Above every timestamp. */
const LAST = "\xff".repeat(8);

/** What one store has of a key: a row, or each of its windows or versions, by their state keys. */
export function rowsOfKey(
  store: TaskStore,
  bare: StateKey,
  { fromMs = 0, toMs = Number.MAX_SAFE_INTEGER }: Pick<KeyQuery, "fromMs" | "toMs"> = {},
): (readonly [StateKey, Row])[] {
  const { layout } = store.spec;
  if (layout === "plain" || layout === "pair") {
    const row = store.get(bare);
    return row ? [[bare, row]] : [];
  }
  const from = bare + timeKey(Math.max(0, fromMs));
  // Sessions are stored by their end, so those that begin in the range may lie anywhere behind its beginning.
  const to = bare + (layout === "window" ? timeKey(Math.max(0, toMs)) : LAST);
  return [...store.range(from, to)].filter(([key]) => belongsTo(layout, key, bare));
}
