/** Streams: look at each record. */
import { promised } from "../state/datum.ts";
import type { StreamRecord } from "./flow_record.ts";
import { type Operator, stateless } from "./operator.ts";

/** Does something with a value. Gotcha: it may be done again after a crash. */
export type Action<K, V> = (value: V, record: StreamRecord<K, V>) => void;

/** Calls the action and passes the record on. */
export function peek<K, V>(action: Action<K, V>): () => Operator {
  return stateless((record, context) => {
    const answer: unknown = action(record.value, record);
    if (answer instanceof Promise) throw promised(answer);
    context.forward(record);
  });
}
