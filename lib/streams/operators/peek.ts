/** Streams: look at each record. */
import { promiseError } from "../state/function_results.ts";
import type { StreamRecord } from "./flow_record.ts";
import { type Operator, operator } from "./operator.ts";

/** Calls the action and passes the record on. */
export function peek<K, V>(
  action: (value: V, record: StreamRecord<K, V>) => unknown,
): () => Operator {
  return operator((context) => (record) => {
    const answer: unknown = action(record.value, record);
    if (answer instanceof Promise) throw promiseError(answer);
    context.forward(record);
  });
}
