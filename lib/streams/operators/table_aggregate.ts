/** Tables: results per group that shrink as well as grow. */
import { EncodedValue } from "../state/encoded_value.ts";
import { requireResult } from "../state/function_results.ts";
import type { Pair } from "../state/pair_serde.ts";
import { type Aggregation, initial, mustAggregate } from "./aggregate.ts";
import { type Operator, operator } from "./operator.ts";

/**
 * Takes back the old value, then adds the new one, and emits the result.
 *
 * See: Kafka Streams' `KTableAggregate`
 */
export function tableAggregate<K, V, A>(
  storeName: string,
  { init, add, subtract }: Required<Pick<Aggregation<K, V, A>, "init" | "add" | "subtract">>,
): () => Operator {
  mustAggregate({ init, add, subtract }, ["init", "add", "subtract"]);
  return operator((context) => {
    const store = context.store(storeName);
    return (record) => {
      const [value, old] = record.value as Pair;
      const key = record.encodedKey.stateKey(store.spec.key, store.topic);
      const row = store.get(key);
      let result = row ? row.value.copy() as A : null;
      let timestamp = record.timestamp;
      if (row && !(old.isNull && value.isNull)) {
        timestamp = Math.max(timestamp, row.timestamp);
      }
      if (!old.isNull && result !== null) {
        result = requireResult(subtract(result, old.copy() as V, record.withValue(old)));
      }
      if (!value.isNull) {
        const base = result === null ? initial(init) : result;
        result = add(base as A, value.copy() as V, record.withValue(value));
      }
      const after = EncodedValue.result<A>(result);
      store.put(key, after, timestamp);
      if (!context.hasChildren) return;
      context.forward(record.withChange<A>(after, row?.value ?? EncodedValue.null, timestamp));
    };
  });
}
