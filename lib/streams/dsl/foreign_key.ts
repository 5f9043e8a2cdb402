/**
 * Joining each row of a table with the row that it names: ask, answer, join, through two topics.
 *
 * @module
 */
import { pass } from "../operators/filter.ts";
import type { StreamRecord } from "../operators/flow_record.ts";
import { foreignKeyAsked, foreignKeyChanged } from "../operators/foreign_key_answer.ts";
import { foreignKeyAsk, foreignKeyTopicSuffix } from "../operators/foreign_key_ask.ts";
import { foreignKeyJoin } from "../operators/foreign_key_join.ts";
import type { Mapper } from "../operators/map.ts";
import type { RowJoiner } from "../operators/table_join.ts";
import { type Answer, answerSerde, subscriptionSerde } from "../state/foreign_key_serde.ts";
import type { Serde } from "../../serde/mod.ts";
import { orJson } from "./shape.ts";
import { Table, withGetter } from "./table.ts";
import { materialized } from "./table_from.ts";
import type { RowJoin } from "./table_joins.ts";

/** Name of the internal topics and stores, and how results are written. */
export interface ForeignKeyOptions<R> {
  /** Begins the names of the stores and topics. @default made up from its place in the topology */
  readonly name?: string;
  /** How the joined values are written. @default json() */
  readonly value?: Serde<R>;
}

/** See: KIP-213 */
export function joinForeignKey<K, V, L, W, R>(
  leftTable: Table<K, V>,
  rightTable: Table<L, W>,
  options: ForeignKeyOptions<R> & {
    readonly type: "inner" | "left";
    readonly foreignKey: Mapper<K, V, L | null>;
    readonly joiner: RowJoin<K, V, W, R>;
  },
): Table<K, R> {
  const left = withGetter(leftTable), right = withGetter(rightTable);
  const { graph, key: leftKey, value: leftValue } = left.table.shape;
  const { key: rightKey, value: rightValue } = right.table.shape;
  const name = options.name ?? graph.newName("KTABLE-FK-JOIN");
  const { type, foreignKey, joiner } = options;
  left.table.shape.sendOld?.(true);

  const asks = graph.operator({
    prefix: "KTABLE-FK-JOIN-SUBSCRIPTION-REGISTRATION",
    operator: `${type === "left" ? "left " : ""}join (ask)`,
    parents: [left.table.shape.edge],
    serdes: [leftKey, leftValue].map((serde) => ({
      serde,
      internalTopic: foreignKeyTopicSuffix(name),
    })),
    create: foreignKeyAsk(foreignKey, { leftKey, leftValue, rightKey, name }, type),
  });
  const asked = graph.repartition(
    asks,
    `${name}-subscription`,
    { key: rightKey, value: subscriptionSerde },
    pass(),
  );
  const store = graph.store({
    name: `${name}-subscription-store`,
    layout: "plain",
    key: rightKey,
    value: subscriptionSerde,
    logged: true,
  });
  const answers = [
    graph.operator({
      prefix: "KTABLE-FK-JOIN-SUBSCRIPTION-PROCESSOR",
      operator: "join (answer)",
      parents: [asked],
      stores: [store, ...right.getter.stores],
      create: foreignKeyAsked(store, right.getter, { leftKey, rightKey }),
    }),
    graph.operator({
      prefix: "KTABLE-FK-JOIN-SUBSCRIPTION-PROCESSOR",
      operator: "join (change)",
      parents: [right.table.shape.edge],
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
  const answered = graph.repartition(
    merged,
    `${name}-response`,
    {
      key: leftKey,
      value: answerSerde(rightValue),
      // Not by the key: the left table may have been placed by other means.
      partition: (record: StreamRecord<K, Answer>) => record.value.partition,
    },
    pass(),
  );
  const edge = graph.operator({
    prefix: "KTABLE-FK-JOIN-SUBSCRIPTION-RESPONSE-RESOLVER-PROCESSOR",
    operator: `${type === "left" ? "left " : ""}join`,
    parents: [answered],
    stores: left.getter.stores,
    create: foreignKeyJoin(left.getter, leftValue, { type, joiner: joiner as RowJoiner, name }),
  });
  graph.copartitioned.push(
    { node: asked.node, sources: [asked.node, ...right.table.shape.sources] },
    { node: edge.node, sources: [answered.node, ...left.table.shape.sources] },
  );
  const joined = new Table<K, R>({
    graph,
    sources: left.table.shape.sources,
    key: leftKey,
    value: orJson(options.value),
    edge,
    keyChanged: false,
  });
  // Answers carry no old result, so one is kept as soon as somebody needs it.
  return materialized(joined);
}
