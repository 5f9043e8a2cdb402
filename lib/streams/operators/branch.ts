/** Streams: several ways, the first that fits. */
import { holds, type Predicate } from "./filter.ts";
import { type Operator, operator } from "./operator.ts";

/** A way out, and who may take it; without a predicate everybody. */
export interface Branch<K, V> {
  readonly output: string;
  readonly predicate?: Predicate<K, V>;
}

/** Sends each record to the first branch that fits. */
export function branch<K, V>(branches: readonly Branch<K, V>[]): () => Operator {
  return operator((context) => (record) => {
    for (const { output, predicate } of branches) {
      if (!predicate || holds(predicate, record.value, record)) {
        context.forwardTo(output, record);
        return;
      }
    }
    context.drop("no branch", record);
  });
}
