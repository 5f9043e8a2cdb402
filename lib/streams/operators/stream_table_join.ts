/** A stream looks up a table. */
import type { Buffered } from "../state/buffered_serde.ts";
import { Datum } from "../state/datum.ts";
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
  if (record.valueDatum.isNull) return context.drop("null value", record);
  const key = keyOf ? Datum.of(keyOf(record.value, record)) : record.keyDatum;
  if (key.isNull && type === "inner") return context.drop("null key", record);
  const right = key.isNull ? null : lookup(key, record.timestamp)?.value.value ?? null;
  if (right === null && type === "inner") return context.drop("no match", record);
  context.forward(record.withValue(Datum.of(joiner(record.value, right as W, record))));
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

    function hold({ keyDatum, valueDatum: value, timestamp, origin }: FlowRecord): void {
      const bare = keyDatum.stateKey(store.spec.key, store.topic);
      sequence.value = (sequence.value + 1) % 0x7fffffff;
      const waiting: Buffered = {
        ...{ turn: timestamp, value, old: Datum.null, prior: Datum.null, origin },
      };
      const key = timeKey(timestamp) + bare + intKey(sequence.value);
      store.put(key, Datum.of(waiting), timestamp);
    }

    function release(): void {
      const untilMs = time.value - graceMs;
      if (untilMs < 0) return;
      const due = [...store.range("", timeKey(untilMs + 1))];
      for (const [key, row] of due) {
        const { value, origin } = row.value.value as Buffered;
        const bytes = toBytes(key.slice(8, -4)), { spec, topic } = store;
        const keyDatum = Datum.encoded(bytes, spec.key, topic);
        store.delete(key, time.value);
        joinRow(context, lookup, options, new FlowRecord(keyDatum, value, timeAt(key, 0), origin));
      }
    }

    return (record) => {
      const isLate = time.value - graceMs > record.timestamp;
      if (record.valueDatum.isNull || record.keyDatum.isNull || isLate) {
        return joinRow(context, lookup, options, record);
      }
      time.value = Math.max(time.value, record.timestamp);
      hold(record);
      context.drop("buffered", record);
      release();
    };
  });
}
