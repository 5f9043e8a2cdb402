import { byTopicAndPartition } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { boundsIn, learnTopic, listOffsets, type TopicBounds } from "../consume/list_offsets.ts";
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

/**
 * Where a topic's partitions begin, end, and reach a time; leaders of other partitions are not asked.
 *
 * @param options.partitions @default all
 * @param options.timestamp Epoch ms. @default the end
 * @throws {KafkaError} when there is no such topic, or a partition that was asked for has no leader
 */
export async function topicBounds(
  kafka: Kafka,
  topic: string,
  options: {
    readonly partitions?: readonly number[] | undefined;
    readonly timestamp?: number | undefined;
  } = {},
): Promise<TopicBounds> {
  const doing = "read the offsets of";
  await kafka.topics.mustExist(doing, [topic]);
  return await kafka.askCluster(
    `${doing} topic "${topic}"`,
    (cluster) => boundsIn(cluster, topic, { ...options, readUncommitted: false }),
    { topic, operation: "Describe" },
  );
}
