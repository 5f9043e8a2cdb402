/**
 * Joining tables by key.
 *
 * @module
 */
import { pass } from "../../operators/filter.ts";
import type { StreamRecord } from "../../operators/flow_record.ts";
import type { TableGetter } from "../../operators/table_getter.ts";
import { storeGetter } from "../../operators/table_getter.ts";
import {
  joinedGetter,
  type JoinType,
  type RowJoiner,
  tableJoinSide,
} from "../../operators/table_join.ts";
import { type OldValues, tableStore } from "../../operators/table_map.ts";
import { sourcesOf, type TableShape } from "./shape.ts";
import { keep, type TableStepOptions, withGetter } from "./tables.ts";

/** Makes a row of two. */
export type RowJoin<K, V, W, R> = (left: V, right: W, record: StreamRecord<K, unknown>) => R;

interface Side {
  // deno-lint-ignore no-explicit-any
  readonly table: TableShape<any, any>;
  readonly getter: TableGetter;
}

/** @throws at planning time if the tables' topics differ in partitions */
export function tablesJoined<K, V, W, R>(
  leftTable: TableShape<K, V>,
  rightTable: TableShape<K, W>,
  options: TableStepOptions<R> & {
    readonly type: JoinType;
    // deno-lint-ignore no-explicit-any
    readonly joiner: RowJoin<K, any, any, unknown>;
  },
): TableShape<K, R> {
  const { graph } = leftTable;
  graph.mustBeMine("join tables", rightTable);
  const left = withGetter(leftTable), right = withGetter(rightTable);
  const { key, windows } = left.table;
  const old: OldValues = { needed: false };
  const { type, name, store } = options;
  const joiner = options.joiner as RowJoiner, value = graph.valueSerde(options.value);
  // Whether a lonely row's end is news depends on whether it was there before.
  if (type !== "inner") left.table.sendOld?.(true);
  if (type === "outer") right.table.sendOld?.(true);
  const side = (which: "left" | "right", mine: Side, theirs: Side) =>
    graph.operator({
      nameIfFree: name && `${name}-${which}`,
      prefix: which === "left" ? "KTABLE-JOINTHIS" : "KTABLE-JOINOTHER",
      operator: `${type === "inner" ? "" : type + " "}join (${which})`,
      parents: [mine.table.edge],
      stores: theirs.getter.stores,
      create: tableJoinSide(which, theirs.getter, { type, joiner, old }),
    });
  const parents = [side("left", left, right), side("right", right, left)];
  if (store !== undefined) keep(left.table, store, value);
  const edge = graph.operator({
    ...{ name, nameIfFree: store, prefix: "KTABLE-MERGE", operator: "merge", parents },
    ...(store === undefined
      ? { readsValue: false, create: pass() }
      : { stores: [store], create: tableStore(store) }),
  });
  const sources = sourcesOf(left.table, right.table);
  graph.copartitioned.push({ node: edge.node, sources });
  return {
    ...{ graph, sources, key, value, edge, keyChanged: false, ...(windows ? { windows } : {}) },
    ...(store === undefined ? {} : { store }),
    getter: store === undefined
      ? joinedGetter(left.getter, right.getter, { type, joiner })
      : storeGetter(store),
    sendOld: () => {
      left.table.sendOld?.(true);
      right.table.sendOld?.(true);
      return old.needed = true;
    },
  };
}
