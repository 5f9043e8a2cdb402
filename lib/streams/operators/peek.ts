/** Streams: look at each record. */
import { promised } from "../state/encoded_value.ts";
import type { StreamRecord } from "./flow_record.ts";
import { type Operator, operator } from "./operator.ts";

/** Calls the action and passes the record on. */
export function peek<K, V>(
  action: (value: V, record: StreamRecord<K, V>) => unknown,
): () => Operator {
  return operator((context) => (record) => {
    const answer: unknown = action(record.value, record);
    if (answer instanceof Promise) throw promised(answer);
    context.forward(record);
  });
}
