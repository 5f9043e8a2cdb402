/**
 * Broker settings of internal topics.
 *
 * @module
 */
import type { StoreSpec } from "./store_spec.ts";

const DAY_MS = 86_400_000;

/** Kept for ever by the broker; the runtime deletes what was consumed. See: Kafka Streams' `RepartitionTopicConfig` */
export const REPARTITION_CONFIG: Readonly<Record<string, string>> = {
  "cleanup.policy": "delete",
  "retention.ms": "-1",
  "segment.bytes": "52428800",
  "message.timestamp.type": "CreateTime",
};

/**
 * Settings of a changelog. Windowed rows may also be deleted by age, but only where record time is wall-clock time:
 * rides of 2021 would vanish at once, so an application with a timestamp extractor relies on tombstones.
 *
 * See: Kafka Streams' `WindowedChangelogTopicConfig`, `VersionedChangelogTopicConfig`
 */
export function changelogConfig(
  store: StoreSpec,
  options: { readonly hasExtractor: boolean },
): Readonly<Record<string, string>> {
  const common = { "message.timestamp.type": "CreateTime" };
  const retentionMs = store.retentionMs ?? Infinity;
  if (store.layout === "versioned" && retentionMs !== Infinity) {
    return {
      ...common,
      "cleanup.policy": "compact",
      "min.compaction.lag.ms": String(retentionMs + DAY_MS),
    };
  }
  if (retentionMs === Infinity || options.hasExtractor) {
    return { ...common, "cleanup.policy": "compact" };
  }
  return {
    ...common,
    "cleanup.policy": "compact,delete",
    "retention.ms": String(retentionMs + DAY_MS),
  };
}
