/**
 * Joining each row of a table with the row that it names.
 *
 * @module
 */
import type { Mapper } from "../operators/map.ts";
import type { Serde } from "../topology/serde.ts";
import type { Table } from "./table.ts";
import type { RowJoin } from "./table_joins.ts";

/** Name of the internal topics and stores, and how results are written. */
export interface ForeignKeyOptions<R> {
  readonly name?: string;
  readonly value?: Serde<R>;
}

/** See: KIP-213 */
export function joinForeignKey<K, V, L, W, R>(
  _left: Table<K, V>,
  _right: Table<L, W>,
  _options: ForeignKeyOptions<R> & {
    readonly type: "inner" | "left";
    readonly foreignKey: Mapper<K, V, L | null>;
    readonly joiner: RowJoin<K, V, W, R>;
  },
): Table<K, R> {
  throw new TypeError("Cannot join by foreign key yet");
}
