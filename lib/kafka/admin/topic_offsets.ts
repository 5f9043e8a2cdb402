import { byTopicAndPartition } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { learnTopic, listOffsets } from "../consume/list_offsets.ts";
import { LATEST } from "../wire/api/list_offsets.ts";

/** What stands for the offset of a time after the last record. */
const NONE = -1;

/**
 * Offset of the first record at least as young as a time, by partition; the end where there is none.
 *
 * @param timestamp Epoch ms, `LATEST` or `EARLIEST`.
 */
export async function topicOffsets(
  kafka: Kafka,
  topic: string,
  timestamp: number,
): Promise<readonly number[]> {
  const found = await kafka.askCluster(
    `read the offsets of topic "${topic}"`,
    async (cluster) => {
      const partitions = await learnTopic(cluster, topic);
      return await listOffsets(cluster, partitions, { timestamp, readUncommitted: false });
    },
    { topic, operation: "Describe" },
  );
  const offsets = found.toSorted(byTopicAndPartition).map(({ offset }) => offset);
  if (!offsets.includes(NONE)) return offsets;
  const ends = await topicOffsets(kafka, topic, LATEST);
  return offsets.map((offset, partition) => offset === NONE ? ends[partition]! : offset);
}
