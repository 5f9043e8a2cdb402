/**
 * Joining tables by key.
 *
 * @module
 */
import { pass } from "../operators/filter.ts";
import type { StreamRecord } from "../operators/flow_record.ts";
import {
  joinedGetter,
  type JoinType,
  type RowJoiner,
  tableJoinSide,
} from "../operators/table_join.ts";
import type { TableGetter } from "../operators/table_getter.ts";
import type { OldValues } from "../operators/table_map.ts";
import type { Serde } from "../../serde/mod.ts";
import { orJson } from "./shape.ts";
import { Table, withGetter } from "./table.ts";

/** Makes a row of two. */
export type RowJoin<K, V, W, R> = (left: V, right: W, record: StreamRecord<K, unknown>) => R;

interface Side {
  // deno-lint-ignore no-explicit-any
  readonly table: Table<any, any>;
  readonly getter: TableGetter;
}

/** @throws at planning time if the tables' topics differ in partitions */
export function joinTables<K, V, W, R>(
  leftTable: Table<K, V>,
  rightTable: Table<K, W>,
  options: {
    readonly type: JoinType;
    readonly joiner: RowJoin<K, V, W, R>;
    readonly value?: Serde<R>;
  },
): Table<K, R> {
  const left = withGetter(leftTable), right = withGetter(rightTable);
  const { graph, key } = left.table.shape;
  const old: OldValues = { needed: false };
  const { type } = options;
  const joiner = options.joiner as RowJoiner;
  // Whether a lonely row's end is news depends on whether it was there before.
  if (type !== "inner") left.table.shape.sendOld?.(true);
  if (type === "outer") right.table.shape.sendOld?.(true);
  const side = (which: "left" | "right", mine: Side, theirs: Side) =>
    graph.operator({
      prefix: which === "left" ? "KTABLE-JOINTHIS" : "KTABLE-JOINOTHER",
      operator: `${type === "inner" ? "" : type + " "}join (${which})`,
      parents: [mine.table.shape.edge],
      stores: theirs.getter.stores,
      create: tableJoinSide(which, theirs.getter, { type, joiner, old }),
    });
  const parents = [side("left", left, right), side("right", right, left)];
  const edge = graph.operator({
    prefix: "KTABLE-MERGE",
    operator: "merge",
    parents,
    readsValue: false,
    create: pass(),
  });
  const sources = [...new Set([...left.table.shape.sources, ...right.table.shape.sources])];
  graph.copartitioned.push({ node: edge.node, sources });
  const { windows } = left.table.shape;
  return new Table<K, R>({
    graph,
    sources,
    key,
    value: orJson(options.value),
    edge,
    keyChanged: false,
    ...(windows ? { windows } : {}),
    getter: joinedGetter(left.getter, right.getter, { type, joiner }),
    sendOld: () => {
      left.table.shape.sendOld?.(true);
      right.table.shape.sendOld?.(true);
      return old.needed = true;
    },
  });
}
