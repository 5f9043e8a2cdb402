/** Foreign-key join, step 3 (left table): join the answers that are still current. */
import { EncodedValue } from "../state/encoded_value.ts";
import { type Answer, versionOf } from "../state/foreign_key_serde.ts";
import type { AnySerde } from "../topology/serde.ts";
import { foreignKeyTopic } from "./foreign_key_ask.ts";
import { type Operator, operator } from "./operator.ts";
import type { TableGetter } from "./table_getter.ts";
import type { RowJoiner } from "./table_join.ts";

/** An answer to an older version of the row is stale. See: Kafka Streams' `ResponseJoinProcessorSupplier` */
export function foreignKeyJoin(
  left: TableGetter,
  leftValue: AnySerde,
  options: {
    readonly type: "inner" | "left";
    readonly joiner: RowJoiner;
    /** See `ForeignKeySerdes.name`. */
    readonly name: string;
  },
): () => Operator {
  return operator((context) => {
    const lookup = left.open(context);
    const topic = foreignKeyTopic(context, options.name);
    return (record) => {
      const { version, value: theirs } = record.value as Answer;
      const row = lookup(record.encodedKey);
      const current = row ? versionOf(row.value.bytesNow(leftValue, topic)!) : null;
      if (version !== current) return context.drop("stale", record);
      const gone = theirs.isNull && (options.type === "inner" || !row);
      const result = gone
        ? EncodedValue.null
        : EncodedValue.of(options.joiner(row?.value.value ?? null, theirs.value, record));
      context.forward(record.withChange(result, EncodedValue.null));
    };
  });
}
