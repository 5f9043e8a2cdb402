import type { Kafka } from "../client/connect.ts";
import { KafkaError, refusal } from "../client/errors.ts";
import { askLeaders, learnTopic } from "../consume/list_offsets.ts";
import { errorOfCode } from "../transport/patches.ts";
import { DELETE_RECORDS } from "../wire/api/delete_records.ts";
import type { PartitionOffset } from "./lag.ts";

/**
 * Deletes the records before an offset in some partitions of a topic; offsets stay as they are.
 *
 * @throws {KafkaError} If the topic is compacted: Kafka takes records from topics only that delete by age or size.
 * @see KIP-107
 */
export async function deleteRecords(
  kafka: Kafka,
  topic: string,
  before: readonly Omit<PartitionOffset, "topic">[],
): Promise<void> {
  if (before.length === 0) return;
  const doing = `delete records of topic "${topic}"`;
  await kafka.askCluster(doing, async (cluster) => {
    await learnTopic(cluster, topic);
    const all = before.map((one) => ({ ...one, topic }));
    const results = await askLeaders(
      cluster,
      all,
      async (broker, before) => await broker.send(DELETE_RECORDS, { before }),
    );
    for (const { errorCode } of results) {
      if (errorCode !== 0) throw reasonOf(errorOfCode(errorCode), doing, topic);
    }
  }, { topic, operation: "Delete" });
}

function reasonOf(error: unknown, doing: string, topic: string): unknown {
  // Kafka's policy for this request is the topic's own cleanup.policy.
  if (refusal(error) !== "POLICY_VIOLATION") return error;
  return new KafkaError(
    `Cannot ${doing}: it is compacted, and Kafka empties only topics whose cleanup.policy has "delete" ` +
      "(delete the topic and create it again)",
    { topic, code: "POLICY_VIOLATION", cause: error },
  );
}

/**
 * Deletes all records of a topic; the topic, its settings and its offsets stay.
 *
 * @returns How many records were ahead of their partition's beginning.
 * @throws {KafkaError} If the topic is compacted: Kafka empties only topics that delete by age or size.
 */
export async function emptyTopic(kafka: Kafka, topic: string): Promise<number> {
  const begin = await kafka.topics.beginOffsets(topic), end = await kafka.topics.endOffsets(topic);
  const gone = end.map((offset, partition) => ({ partition, offset }))
    .filter((_, partition) => end[partition]! > begin[partition]!);
  await deleteRecords(kafka, topic, gone);
  return end.reduce((sum, offset, partition) => sum + offset - begin[partition]!, 0);
}
