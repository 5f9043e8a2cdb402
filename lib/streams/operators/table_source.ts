/** Tables: the latest value of each key of a topic or stream. */
import { Datum } from "../state/datum.ts";
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
      if (record.keyDatum.isNull) return context.drop("null key", record);
      const key = record.keyDatum.stateKey(store.spec.key, store.topic);
      const before = store.get(key)?.value ?? Datum.null;
      store.put(key, record.valueDatum, record.timestamp);
      if (!context.hasChildren) return;
      const { keyDatum, valueDatum, timestamp, origin } = record;
      // The latest whatever its time: rows are kept in the order they come.
      context.forward(new FlowRecord(keyDatum, valueDatum, timestamp, origin, before));
    };
  });
}
