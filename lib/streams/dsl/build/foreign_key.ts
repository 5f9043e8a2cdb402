/**
 * Joining each row of a table with the row that it names: ask, answer, join, through two topics.
 *
 * @module
 */
import { pass } from "../../operators/filter.ts";
import type { StreamRecord } from "../../operators/flow_record.ts";
import { foreignKeyAsked, foreignKeyChanged } from "../../operators/foreign_key_answer.ts";
import { foreignKeyAsk, foreignKeyTopicSuffix } from "../../operators/foreign_key_ask.ts";
import { foreignKeyJoin } from "../../operators/foreign_key_join.ts";
import type { Mapper } from "../../operators/map.ts";
import type { RowJoiner } from "../../operators/table_join.ts";
import { type Answer, answerSerde, subscriptionSerde } from "../../state/foreign_key_serde.ts";
import type { Serde } from "../../../serde/mod.ts";
import { sourcesOf, type TableShape } from "./shape.ts";
import type { RowJoin } from "./table_joins.ts";
import { materialized, tableFrom, withGetter } from "./tables.ts";

/** Name of the internal topics and stores, and how results are written and kept. */
export interface ForeignKeyOptions<R, L = unknown> {
  /** Begins the names of the stores and topics. @default made up from its place in the topology */
  readonly name?: string;
  /** How the joined values are written. @default the application's, else json() */
  readonly value?: Serde<R>;
  /** Keeps the results in a store of that name, which can be queried. */
  readonly store?: string;
  /** The partition of a row of the right table, where it is not placed by its key's bytes. */
  readonly partition?: (foreignKey: L, partitions: number) => number;
}

/** See: KIP-213 */
export function foreignKeyJoined<K, V, L, W, R>(
  leftTable: TableShape<K, V>,
  rightTable: TableShape<L, W>,
  options: ForeignKeyOptions<R, L> & {
    readonly type: "inner" | "left";
    readonly foreignKey: Mapper<K, V, L | null>;
    // deno-lint-ignore no-explicit-any
    readonly joiner: RowJoin<K, any, any, unknown>;
  },
): TableShape<K, R> {
  const { graph } = leftTable;
  graph.mustBeMine("join tables", rightTable);
  const left = withGetter(leftTable), right = withGetter(rightTable);
  const { key: leftKey, value: leftValue } = left.table;
  const { key: rightKey, value: rightValue } = right.table;
  const name = options.name ?? graph.newName("KTABLE-FK-JOIN");
  const { type, foreignKey, joiner, partition, store: kept } = options;
  const joined = `${type === "left" ? "left " : ""}join`;
  const named = (suffix: string) => options.name && `${name}-${suffix}`;
  // The right table's too, though nothing here reads them: a filter behaves accordingly.
  for (const { table } of [left, right]) table.sendOld?.(true);

  const asks = graph.operator({
    nameIfFree: named("ask"),
    prefix: "KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION",
    operator: `${joined} (ask)`,
    parents: [left.table.edge],
    serdes: [leftKey, leftValue].map((serde) => ({
      serde,
      internalTopic: foreignKeyTopicSuffix(name),
    })),
    create: foreignKeyAsk(foreignKey, { leftKey, leftValue, rightKey, name }, type),
  });
  const asked = graph.repartition(asks, `${name}-subscription`, {
    key: rightKey,
    value: subscriptionSerde,
    ...(partition
      ? {
        partition: ({ key }: StreamRecord<L, unknown>, count: number) =>
          key === null ? 0 : partition(key, count),
      }
      : {}),
  });
  const store = graph.store({
    ...{ name: `${name}-subscription-store`, layout: "plain", logged: true },
    ...{ key: rightKey, value: subscriptionSerde },
  });
  const answers = [
    graph.operator({
      nameIfFree: named("answer"),
      prefix: "KTABLE-FK-JOIN-SUBSCRIPTION-PROCESSOR",
      operator: "join (answer)",
      parents: [asked],
      stores: [store, ...right.getter.stores],
      create: foreignKeyAsked(store, right.getter, { leftKey, rightKey }),
    }),
    graph.operator({
      nameIfFree: named("change"),
      prefix: "KTABLE-FK-JOIN-SUBSCRIPTION-PROCESSOR",
      operator: "join (change)",
      parents: [right.table.edge],
      stores: [store],
      create: foreignKeyChanged(store, { leftKey, rightKey }),
    }),
  ];
  const merged = graph.operator({
    prefix: "KTABLE-FK-JOIN-MERGE",
    operator: "merge",
    parents: answers,
    create: pass(),
  });
  const answered = graph.repartition(merged, `${name}-response`, {
    key: leftKey,
    value: answerSerde(rightValue),
    // Not by the key: the left table may have been placed by other means.
    partition: (record: StreamRecord<K, Answer>) => record.value.partition,
  });
  const edge = graph.operator({
    name: options.name,
    prefix: "KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-RESOLVER-PROCESSOR",
    operator: joined,
    parents: [answered],
    stores: left.getter.stores,
    create: foreignKeyJoin(left.getter, leftValue, { type, joiner: joiner as RowJoiner, name }),
  });
  graph.copartitioned.push(
    { node: asked.node, sources: [asked.node, ...right.table.sources] },
    { node: edge.node, sources: sourcesOf({ sources: [answered.node] }, left.table) },
  );
  const { sources } = left.table, value = graph.valueSerde(options.value);
  const table = { graph, sources, key: leftKey, value, edge, keyChanged: false };
  // Answers carry no old result, so one is kept as soon as somebody needs it.
  return kept === undefined ? materialized(table) : tableFrom(table, "materialize", { name: kept });
}
