/** A stream looks up a table. */
import type { Buffered } from "../state/buffered_serde.ts";
import { EncodedValue } from "../state/encoded_value.ts";
import { intKey, timeAt, timeKey, toBytes } from "../state/state_key.ts";
import { FlowRecord, type StreamRecord } from "./flow_record.ts";
import { observedTime, type Operator, operator, type OperatorContext } from "./operator.ts";
import type { Lookup, TableGetter } from "./table_getter.ts";

/** Makes one value of two; a missing side is null where the join allows it. */
export type JoinValues<K, V, W, R> = (left: V, right: W, record: StreamRecord<K, V>) => R;

interface LookupJoin<K, V, L, W, R> {
  readonly type: "inner" | "left";
  /** The table's key; the record's own when left out. */
  readonly keyOf?: (value: V, record: StreamRecord<K, V>) => L | null;
  readonly joiner: JoinValues<K, V, W, R>;
}

/**
 * Joins each record with the table's row at that moment; only the stream triggers. The result has the stream's time.
 *
 * See: Kafka Streams' `KStreamKTableJoinProcessor`
 */
export function streamTableJoin<K, V, L, W, R>(
  getter: TableGetter,
  options: LookupJoin<K, V, L, W, R>,
): () => Operator {
  return operator((context) => {
    const lookup = getter.open(context);
    return (record) => joinRow(context, lookup, options, record);
  });
}

function joinRow<K, V, L, W, R>(
  context: OperatorContext,
  lookup: Lookup,
  { keyOf, type, joiner }: LookupJoin<K, V, L, W, R>,
  record: FlowRecord,
): void {
  if (record.encodedValue.isNull) return context.drop("null value", record);
  const key = keyOf ? EncodedValue.of(keyOf(record.value, record)) : record.encodedKey;
  if (key.isNull && type === "inner") return context.drop("null key", record);
  const right = key.isNull ? null : lookup(key, record.timestamp)?.value.value ?? null;
  if (right === null && type === "inner") return context.drop("no match", record);
  context.forward(record.withValue(EncodedValue.of(joiner(record.value, right as W, record))));
}

/**
 * The same, but each record waits for `graceMs` of stream time, so that rows that come late are found. Records leave by
 * their time; one that is older than all that wait is joined at once.
 *
 * See: KIP-923, Kafka Streams' `RocksDBTimeOrderedKeyValueBuffer`
 */
export function bufferedTableJoin<K, V, W, R>(
  getter: TableGetter,
  options: LookupJoin<K, V, K, W, R> & { readonly buffer: string; readonly graceMs: number },
): () => Operator {
  const { buffer, graceMs } = options;
  return operator((context) => {
    const lookup = getter.open(context), store = context.store(buffer);
    const time = observedTime(context), sequence = context.number("sequence", 0);

    function hold({ encodedKey, encodedValue: value, timestamp, origin }: FlowRecord): void {
      const bare = encodedKey.stateKey(store.spec.key, store.topic);
      sequence.value = (sequence.value + 1) % 0x7fffffff;
      const waiting: Buffered = {
        ...{ turn: timestamp, value, old: EncodedValue.null, prior: EncodedValue.null, origin },
      };
      const key = timeKey(timestamp) + bare + intKey(sequence.value);
      store.put(key, EncodedValue.of(waiting), timestamp);
    }

    function release(): void {
      const untilMs = time.value - graceMs;
      if (untilMs < 0) return;
      const due = [...store.range("", timeKey(untilMs + 1))];
      for (const [key, row] of due) {
        const { value, origin } = row.value.value as Buffered;
        const bytes = toBytes(key.slice(8, -4)), { spec, topic } = store;
        const encodedKey = EncodedValue.encoded(bytes, spec.key, topic);
        store.delete(key, time.value);
        joinRow(
          context,
          lookup,
          options,
          new FlowRecord(encodedKey, value, timeAt(key, 0), origin),
        );
      }
    }

    return (record) => {
      const isLate = time.value - graceMs > record.timestamp;
      if (record.encodedValue.isNull || record.encodedKey.isNull || isLate) {
        return joinRow(context, lookup, options, record);
      }
      time.value = Math.max(time.value, record.timestamp);
      hold(record);
      context.drop("buffered", record);
      release();
    };
  });
}
