/** Foreign-key join, step 2 (right table): remember who asks, and answer. */
import { EncodedValue } from "../state/encoded_value.ts";
import type { Answer, Subscription } from "../state/foreign_key_serde.ts";
import { afterPrefix, intKey, type StateKey, toBytes } from "../state/state_key.ts";
import type { AnySerde } from "../topology/serde.ts";
import { FlowRecord } from "./flow_record.ts";
import type { ForeignKeySerdes } from "./foreign_key_ask.ts";
import { type Operator, operator, type OperatorContext } from "./operator.ts";
import type { TableGetter } from "./table_getter.ts";

/** Length of the foreign key (4), the foreign key, the asker's key: one row's askers lie side by side. */
function askerKey(foreignKey: StateKey, asker: StateKey): StateKey {
  return intKey(foreignKey.length) + foreignKey + asker;
}

function answer(
  context: OperatorContext,
  record: FlowRecord,
  to: Subscription,
  { value, timestamp, leftKey }: {
    readonly value: EncodedValue<unknown>;
    readonly timestamp: number;
    readonly leftKey: AnySerde;
  },
): void {
  const key = EncodedValue.encoded(toBytes(to.asker), leftKey, record.topic);
  const { version, partition } = to;
  const encoded = EncodedValue.of<Answer>({ version, partition, value });
  context.forward(new FlowRecord(key, encoded, timestamp, record.origin));
}

/** A row of the left table asks. See: Kafka Streams' `SubscriptionReceive…`, `SubscriptionJoinProcessorSupplier` */
export function foreignKeyAsked(
  storeName: string,
  right: TableGetter,
  { leftKey, rightKey }: Pick<ForeignKeySerdes, "leftKey" | "rightKey">,
): () => Operator {
  return operator((context) => {
    const store = context.store(storeName);
    const lookup = right.open(context);
    return (record) => {
      const asked = record.value as Subscription;
      if (record.encodedKey.isNull) {
        if (asked.action !== "always answer") return context.drop("null key", record);
        const { timestamp } = record;
        return answer(context, record, asked, { value: EncodedValue.null, timestamp, leftKey });
      }
      const foreignKey = record.encodedKey.stateKey(rightKey, record.topic);
      const key = askerKey(foreignKey, asked.asker);
      const leaves = asked.action === "delete" || asked.action === "delete and answer";
      store.put(key, leaves ? EncodedValue.null : record.encodedValue, record.timestamp);
      if (asked.action === "delete") return context.drop("unchanged", record);
      const row = lookup(record.encodedKey);
      if (!row && asked.action === "answer if there") return context.drop("no match", record);
      const value = leaves ? EncodedValue.null : row?.value ?? EncodedValue.null;
      const timestamp = Math.max(record.timestamp, row?.timestamp ?? -1);
      answer(context, record, asked, { value, timestamp, leftKey });
    };
  });
}

/** A row of the right table changes: all that asked hear of it. See: Kafka Streams' `ForeignTableJoinProcessorSupplier` */
export function foreignKeyChanged(
  storeName: string,
  { leftKey, rightKey }: Pick<ForeignKeySerdes, "leftKey" | "rightKey">,
): () => Operator {
  return operator((context) => {
    const store = context.store(storeName);
    return (record) => {
      if (record.encodedKey.isNull) return context.drop("null key", record);
      if (!record.isLatest) return context.drop("out of order", record);
      const prefix = askerKey(record.encodedKey.stateKey(rightKey, record.topic), "");
      for (const [, row] of store.range(prefix, afterPrefix(prefix))) {
        // At the time of the change, also where the row that asks is younger.
        const { encodedValue: value, timestamp } = record;
        answer(context, record, row.value.value as Subscription, { value, timestamp, leftKey });
      }
    };
  });
}
