/** Session windows: results that grow and merge. */
import { EncodedValue } from "../state/encoded_value.ts";
import { requireResult } from "../state/function_results.ts";
import { sessionKey, sessionOf } from "../state/layout.ts";
import type { Row } from "../state/row_store.ts";
import type { StateKey } from "../state/state_key.ts";
import { type Aggregation, initial, mustAggregate } from "./aggregate.ts";
import type { FlowRecord } from "./flow_record.ts";
import { late } from "./late.ts";
import { observedTime, type Operator, operator, timedRows } from "./operator.ts";
import { neededMs, type SessionWindows } from "./windows.ts";

/** No session ends later. */
const LAST_MS = Number.MAX_SAFE_INTEGER - 1;

/**
 * Merges each record with the sessions at most a gap away, and emits tombstones for those and then the new session.
 *
 * See: Kafka Streams' `KStreamSessionWindowAggregate`
 */
export function sessionAggregate<K, V, A>(
  storeName: string,
  windows: SessionWindows,
  aggregation: Required<Pick<Aggregation<K, V, A>, "init" | "add" | "merge">>,
  options: { readonly looksAtValue: boolean; readonly visibleMs?: number },
): () => Operator {
  mustAggregate(aggregation, ["init", "add", "merge"]);
  return operator((context) => {
    const time = observedTime(context);
    const rows = timedRows(context, storeName, options.visibleMs ?? neededMs(windows));

    function emit(
      record: FlowRecord,
      start: number,
      end: number,
      change: [EncodedValue<A>, EncodedValue<A>],
    ) {
      if (!context.hasChildren) return;
      const windowed = EncodedValue.of({ key: record.key, start, end });
      context.forward(record.withKey(windowed).withChange(change[0], change[1], end));
    }

    function absorb(record: FlowRecord, sessions: readonly [StateKey, Row][]) {
      for (const [key, row] of sessions) {
        const { startMs, endMs } = sessionOf(key);
        rows.delete(key, endMs);
        emit(record, startMs, endMs, [EncodedValue.null, row.value]);
      }
    }

    return (record) => {
      if (record.encodedKey.isNull) return context.drop("null key", record);
      const { timestamp } = record;
      const { gapMs, graceMs } = windows;
      time.value = Math.max(time.value, timestamp);
      const closedMs = time.value - graceMs - gapMs;
      const bare = record.encodedKey.stateKey(rows.store.spec.key, rows.store.topic);
      const near = rows.fetch(bare, timestamp - gapMs, LAST_MS).filter(([key]) =>
        sessionOf(key).startMs <= timestamp + gapMs
      );
      let start = timestamp, end = timestamp;
      let aggregate = initial(aggregation.init) as A;
      for (const [key, row] of near) {
        const { startMs, endMs } = sessionOf(key);
        start = Math.min(start, startMs);
        end = Math.max(end, endMs);
        aggregate = requireResult(aggregation.merge(aggregate, row.value.copy() as A, record.key));
      }
      if (end < closedMs) return late(context, record, { start, end, lateMs: closedMs - end });
      const grown = start !== timestamp || end !== timestamp;
      if (grown) absorb(record, near);
      const value = options.looksAtValue ? record.value : undefined as V;
      const after = EncodedValue.result<A>(aggregation.add(aggregate, value, record));
      rows.put(sessionKey(bare, start, end), after, end);
      emit(record, start, end, [after, EncodedValue.null]);
    };
  });
}
