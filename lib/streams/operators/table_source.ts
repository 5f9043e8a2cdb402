/** Tables: the latest value of each key of a topic or stream. */
import { EncodedValue } from "../state/encoded_value.ts";
import { FlowRecord } from "./flow_record.ts";
import { type Operator, operator } from "./operator.ts";

/**
 * Keeps the latest value per key, in offset order, and emits every change, tombstones too.
 *
 * Null keys are dropped. See: Kafka Streams' `KTableSource`
 */
export function tableSource(storeName: string): () => Operator {
  return operator((context) => {
    const store = context.store(storeName);
    return (record) => {
      if (record.encodedKey.isNull) return context.drop("null key", record);
      const key = record.encodedKey.stateKey(store.spec.key, store.topic);
      const before = store.get(key)?.value ?? EncodedValue.null;
      store.put(key, record.encodedValue, record.timestamp);
      if (!context.hasChildren) return;
      const { encodedKey, encodedValue, timestamp, origin } = record;
      // The latest whatever its time: rows are kept in the order they come.
      context.forward(new FlowRecord(encodedKey, encodedValue, timestamp, origin, before));
    };
  });
}
