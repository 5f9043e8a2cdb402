/** Tables that remember: what a key's value was at a time. */
import { EncodedValue } from "../state/encoded_value.ts";
import { belongsTo } from "../state/layout.ts";
import type { Pair } from "../state/pair_serde.ts";
import type { Row } from "../state/row_store.ts";
import { type StateKey, timeAt, timeKey } from "../state/state_key.ts";
import type { TaskStore } from "../state/task_store.ts";
import { FlowRecord } from "./flow_record.ts";
import { type NumberCell, type Operator, operator, type OperatorContext } from "./operator.ts";
import type { TableGetter } from "./table_getter.ts";

/** Versions of one key with a time from 0 to `toMs`, ascending; a deletion is a version too. */
function versions(store: TaskStore, bare: StateKey, toMs: number): (readonly [StateKey, Row])[] {
  const range = store.range(bare + timeKey(0), bare + timeKey(toMs + 1));
  return [...range].filter(([key]) => belongsTo("versioned", key, bare));
}

/** No version is younger. */
const LAST_MS = Number.MAX_SAFE_INTEGER - 1;

/**
 * Keeps the versions of each key for `historyMs`; a change older than the newest is kept, and marked as not the latest.
 *
 * See: KIP-889, KIP-914
 */
export function versionedTable(storeName: string, historyMs: number): () => Operator {
  return operator((context) => {
    const store = context.store(storeName);
    const time = observedTime(context, storeName);
    return (record) => {
      if (record.encodedKey.isNull) return context.drop("null key", record);
      const { timestamp, encodedValue } = record;
      time.value = Math.max(time.value, timestamp);
      const oldest = time.value - historyMs;
      if (timestamp < oldest) return context.drop("late", record);
      const bare = record.encodedKey.stateKey(store.spec.key, store.topic);
      const known = versions(store, bare, LAST_MS);
      const before = known.findLast(([key]) => timeAt(key, key.length - 8) <= timestamp);
      const latest = (known.at(-1)?.[1].timestamp ?? -1) <= timestamp;
      store.put(
        bare + timeKey(timestamp),
        EncodedValue.of<Pair>([encodedValue, EncodedValue.null]),
        timestamp,
      );
      // The last version before the history's beginning still holds at its beginning.
      const outdated = known.filter(([, row]) => row.timestamp <= oldest).slice(0, -1);
      for (const [key] of outdated) store.delete(key, timestamp);
      const old = before ? (before[1].value.value as Pair)[0] : EncodedValue.null;
      const { encodedKey, origin } = record;
      context.forward(new FlowRecord(encodedKey, encodedValue, timestamp, origin, old, latest));
    };
  });
}

/** The greatest time of records that reached the table; its lookups need it, too. */
function observedTime(context: OperatorContext, storeName: string): NumberCell {
  return context.shared(`${storeName}.time`, -1);
}

/** Looks up the latest version, or what held at a time; before the history's beginning only the latest is known. */
export function versionedGetter(storeName: string, historyMs: number): TableGetter {
  return {
    stores: [storeName],
    open(context) {
      const store = context.store(storeName), time = observedTime(context, storeName);
      return (key, asOfMs = LAST_MS) => {
        const bare = key.stateKey(store.spec.key, store.topic);
        const forgotten = asOfMs < time.value - historyMs;
        const row = versions(store, bare, forgotten ? LAST_MS : asOfMs).at(-1)?.[1];
        if (row && row.timestamp > asOfMs) return undefined;
        const value = row && (row.value.value as Pair)[0];
        return value && !value.isNull ? { value, timestamp: row.timestamp } : undefined;
      };
    },
  };
}
