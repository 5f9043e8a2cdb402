/** Tumbling and hopping windows: one running result per key and window. */
import { EncodedValue } from "../state/encoded_value.ts";
import { windowKey } from "../state/layout.ts";
import { type Aggregation, initial, mustAggregate } from "./aggregate.ts";
import { late } from "./late.ts";
import { observedTime, type Operator, operator, timedRows } from "./operator.ts";
import { neededMs, type TimeWindows, windowStarts } from "./windows.ts";

/**
 * Adds each record to the windows it falls into, as long as they are open, and emits every update.
 *
 * A window is open while `end > stream time - grace`, where stream time is the greatest time of the records that
 * reached this operator. Null values count; null keys do not.
 * See: Kafka Streams' `KStreamWindowAggregate`, KIP-633
 */
export function windowAggregate<K, V, A>(
  storeName: string,
  windows: TimeWindows,
  { init, add }: Aggregation<K, V, A>,
  options: { readonly looksAtValue: boolean; readonly visibleMs?: number },
): () => Operator {
  mustAggregate({ init, add });
  return operator((context) => {
    const time = observedTime(context);
    const rows = timedRows(context, storeName, options.visibleMs ?? neededMs(windows));
    return (record) => {
      if (record.encodedKey.isNull) return context.drop("null key", record);
      const { spec, topic } = rows.store;
      const { timestamp } = record;
      time.value = Math.max(time.value, timestamp);
      const closedMs = time.value - windows.graceMs;
      const bare = record.encodedKey.stateKey(spec.key, topic);
      for (const start of windowStarts(windows, timestamp)) {
        const end = start + windows.sizeMs;
        if (end <= closedMs) {
          late(context, record, { start, end, lateMs: closedMs - end });
          continue;
        }
        const key = windowKey(bare, start);
        const row = rows.get(key);
        const before = row ? row.value.copy() as A : initial(init);
        const value = options.looksAtValue ? record.value : undefined as V;
        const after = EncodedValue.result<A>(add(before as A, value, record));
        const resultTime = row ? Math.max(row.timestamp, timestamp) : timestamp;
        rows.put(key, after, resultTime);
        if (!context.hasChildren) continue;
        const old = row ? row.value : EncodedValue.of(initial(init));
        const windowed = EncodedValue.of({ key: record.key, start, end });
        context.forward(record.withKey(windowed).withChange(after, old, resultTime));
      }
    };
  });
}
