/**
 * Broker settings of internal topics.
 *
 * @module
 */
import type { StoreSpec } from "./store_spec.ts";

const DAY_MS = 86_400_000;

/** Event time is the application's: brokers would refuse what lies more than an hour ahead of their clock. */
const ANY_TIME = {
  "message.timestamp.type": "CreateTime",
  "message.timestamp.after.max.ms": "9223372036854775807",
};

/**
 * Settings that a cluster may lack: no result depends on them.
 *
 * Before Kafka 3.6 there is no `message.timestamp.after.max.ms`, and no limit; managed clusters let no user set a
 * segment's size.
 */
export const OPTIONAL_CONFIG: readonly string[] = [
  "message.timestamp.after.max.ms",
  "segment.bytes",
];

/** Kept for ever by the broker; the runtime deletes what was consumed. See: Kafka Streams' `RepartitionTopicConfig` */
export const REPARTITION_CONFIG: Readonly<Record<string, string>> = {
  "cleanup.policy": "delete",
  "retention.ms": "-1",
  "segment.bytes": "52428800",
  ...ANY_TIME,
};

/**
 * Settings of a changelog. Rows of closed windows leave it by their tombstones, never by age as in Kafka Streams: where
 * event time is not wall-clock time, as with rides of 2021, the broker would delete rows that still count.
 *
 * See: Kafka Streams' `WindowedChangelogTopicConfig`, `VersionedChangelogTopicConfig`
 */
export function changelogConfig(store: StoreSpec): Readonly<Record<string, string>> {
  const retentionMs = store.retentionMs ?? Infinity,
    compact = { ...ANY_TIME, "cleanup.policy": "compact" };
  return store.layout === "versioned" && retentionMs !== Infinity
    ? { ...compact, "min.compaction.lag.ms": String(retentionMs + DAY_MS) }
    : compact;
}
