/** Tables: move rows to another key, with what they replace. */
import { EncodedValue } from "../state/encoded_value.ts";
import { promiseError } from "../state/function_results.ts";
import { FlowRecord } from "./flow_record.ts";
import type { KeyValue, Mapper } from "./map.ts";
import { type Operator, operator } from "./operator.ts";
import { toStateKey } from "../state/state_key.ts";
import type { AnySerde } from "../topology/serde.ts";

/**
 * Sends what is to be taken back to the old group and what is to be added to the new one; a change inside one group
 * stays one record.
 *
 * See: Kafka Streams' `KTableRepartitionMap`
 */
export function tableRegroup<K, V, L, W>(
  mapper: Mapper<K, V, KeyValue<L, W> | null>,
  keySerde: AnySerde,
  name: string,
): () => Operator {
  return operator((context) => {
    const grouped = (record: FlowRecord, value: EncodedValue<V>) => {
      if (value.isNull) return undefined;
      const pair = mapper(value.copy() as V, record.withValue(value) as FlowRecord<K, V>);
      if (!pair) return undefined;
      if (pair instanceof Promise) throw promiseError(pair);
      const key = EncodedValue.of(pair.key), mapped = EncodedValue.of(pair.value);
      return key.isNull || mapped.isNull ? undefined : { key, value: mapped };
    };
    const keyOf = (key: EncodedValue<unknown>) =>
      toStateKey(key.bytesNow(keySerde, context.internalTopic(`${name}-repartition`))!);
    const change = (
      record: FlowRecord,
      key: EncodedValue<L>,
      value: EncodedValue<W>,
      old: EncodedValue<W>,
    ) => new FlowRecord(key, EncodedValue.of([value, old]), record.timestamp, record.origin);
    return (record) => {
      if (!record.isLatest) return context.drop("out of order", record);
      const before = grouped(record, record.encodedOld);
      const after = grouped(record, record.encodedValue);
      if (!before && !after) return context.drop("null key or value", record);
      const same = before && after &&
        keyOf(before.key) === keyOf(after.key);
      if (same) return context.forward(change(record, after.key, after.value, before.value));
      if (before) context.forward(change(record, before.key, EncodedValue.null, before.value));
      if (after) context.forward(change(record, after.key, after.value, EncodedValue.null));
    };
  });
}
