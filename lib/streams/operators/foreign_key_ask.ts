/** Foreign-key join, step 1 (left table): each row asks the row that it names. */
import { EncodedValue } from "../state/encoded_value.ts";
import { type Subscription, versionOf } from "../state/foreign_key_serde.ts";
import { toStateKey } from "../state/state_key.ts";
import type { AnySerde } from "../topology/serde.ts";
import { FlowRecord } from "./flow_record.ts";
import type { Mapper } from "./map.ts";
import { type Operator, operator, type OperatorContext } from "./operator.ts";

/** How the tables of a foreign-key join are written. */
export interface ForeignKeySerdes {
  readonly leftKey: AnySerde;
  readonly leftValue: AnySerde;
  readonly rightKey: AnySerde;
  /** Name of the join: serdes are told its topic, never that of the record, which is somebody else's. */
  readonly name: string;
}

/** The topic that serdes are told where a join compares and hashes. */
export function foreignKeyTopic(context: OperatorContext, name: string): string {
  return context.internalTopic(foreignKeyTopicSuffix(name));
}

/** The same without the application's prefix. */
export function foreignKeyTopicSuffix(name: string): string {
  return `${name}-subscription-repartition`;
}

/** See: Kafka Streams' `SubscriptionSendProcessorSupplier`, KIP-213 */
export function foreignKeyAsk<K, V, L>(
  foreignKey: Mapper<K, V, L | null>,
  serdes: ForeignKeySerdes,
  type: "inner" | "left",
): () => Operator {
  return operator((context) => {
    const topic = foreignKeyTopic(context, serdes.name);

    const named = (record: FlowRecord, value: EncodedValue<V>): EncodedValue<L> =>
      value.isNull ? EncodedValue.null : EncodedValue.of(
        foreignKey(value.value as V, record.withValue(value) as FlowRecord<K, V>),
      );

    const ask = (record: FlowRecord, key: EncodedValue<L>, action: Subscription["action"]) => {
      const value = record.encodedValue.bytesNow(serdes.leftValue, topic);
      const subscription: Subscription = {
        action,
        version: value === null ? null : versionOf(value),
        asker: record.encodedKey.stateKey(serdes.leftKey, topic),
        partition: context.partition,
      };
      context.forward(
        new FlowRecord(key, EncodedValue.of(subscription), record.timestamp, record.origin),
      );
    };

    const same = (left: EncodedValue<L>, right: EncodedValue<L>) => {
      if (left.isNull || right.isNull) return left.isNull && right.isNull;
      const bytes = (key: EncodedValue<L>) => toStateKey(key.bytesNow(serdes.rightKey, topic)!);
      return bytes(left) === bytes(right);
    };

    return (record) => {
      if (!record.isLatest) return context.drop("out of order", record);
      const before = named(record, record.encodedOld), after = named(record, record.encodedValue);
      if (type === "left") {
        if (record.encodedOld.isNull && record.encodedValue.isNull) {
          return context.drop("unchanged", record);
        }
        if (!before.isNull && !same(before, after)) ask(record, before, "delete");
        return ask(record, after, "always answer");
      }
      if (after.isNull) {
        if (!record.encodedValue.isNull) context.drop("null foreign key", record);
        if (!before.isNull) return ask(record, before, "delete and answer");
        if (record.encodedValue.isNull) context.drop("unchanged", record);
        return;
      }
      if (before.isNull || same(before, after)) return ask(record, after, "answer if there");
      ask(record, before, "delete");
      ask(record, after, "always answer");
    };
  });
}
