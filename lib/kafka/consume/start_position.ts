import type { TopicPartition } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import type { PartitionOffset } from "../admin/lag.ts";

/** Where to start, or to go on from. */
export type StartPosition = "earliest" | "latest" | { readonly timestampMs: number };

/** Offsets that a start position means now, in some partitions. */
export async function startOffsets(
  kafka: Kafka,
  partitions: readonly TopicPartition[],
  from: StartPosition,
): Promise<readonly PartitionOffset[]> {
  const { topics } = kafka, found: PartitionOffset[] = [];
  for (const [topic, ours] of Map.groupBy(partitions, (one) => one.topic)) {
    const offsets = from === "earliest"
      ? await topics.beginOffsets(topic)
      : from === "latest"
      ? await topics.endOffsets(topic)
      : await topics.offsetsAt(topic, from.timestampMs);
    found.push(...ours.map(({ partition }) => ({ topic, partition, offset: offsets[partition]! })));
  }
  return found;
}
