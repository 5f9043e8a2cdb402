/** A stream looks up a table. */
import { Datum } from "../state/datum.ts";
import type { StreamRecord } from "./flow_record.ts";
import type { Operator, OperatorContext } from "./operator.ts";
import type { Lookup, TableGetter } from "./table_getter.ts";

/** Makes one value of two; a missing side is null where the join allows it. */
export type JoinValues<K, V, W, R> = (left: V, right: W, record: StreamRecord<K, V>) => R;

/**
 * Joins each record with the table's row at that moment; only the stream triggers. The result has the stream's time.
 *
 * See: Kafka Streams' `KStreamKTableJoinProcessor`
 */
export function streamTableJoin<K, V, L, W, R>(
  getter: TableGetter,
  options: {
    readonly type: "inner" | "left";
    /** The table's key; the record's own when left out. */
    readonly keyOf?: (value: V, record: StreamRecord<K, V>) => L | null;
    readonly joiner: JoinValues<K, V, W, R>;
  },
): () => Operator {
  return () => {
    let context: OperatorContext, lookup: Lookup;
    return {
      init(given) {
        context = given;
        lookup = getter.open(context);
      },
      process(record) {
        if (record.valueDatum.isNull) return context.drop("null value", record);
        const { keyOf, type, joiner } = options;
        const key = keyOf ? Datum.of(keyOf(record.value, record)) : record.keyDatum;
        if (key.isNull && type === "inner") return context.drop("null key", record);
        const right = key.isNull ? null : lookup(key, record.timestamp)?.value.value ?? null;
        if (right === null && type === "inner") return context.drop("no match", record);
        context.forward(record.withValue(Datum.of(joiner(record.value, right as W, record))));
      },
    };
  };
}
