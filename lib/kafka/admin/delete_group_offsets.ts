import type { Kafka } from "../client/connect.ts";
import { clusterOf } from "../transport/patches.ts";
import { deleteCommitted } from "../wire/api/offset_delete.ts";

/**
 * Forgets what a group has committed in a topic, as if it had never read it; its other topics stay.
 *
 * @returns Partitions in which something was committed.
 * @throws {KafkaError} If a member of the group reads the topic now.
 */
export async function deleteGroupOffsets(
  kafka: Kafka,
  group: string,
  topic: string,
): Promise<readonly number[]> {
  const committed = await kafka.groups.offsets(group, topic);
  const partitions = committed.map(({ partition }) => partition);
  if (partitions.length === 0) return partitions;
  await kafka.ask(`forget the offsets of group "${group}" in topic "${topic}"`, async () => {
    const cluster = clusterOf(kafka.client());
    try {
      await cluster.connect();
      await cluster.refreshMetadata();
      const coordinator = await cluster.findGroupCoordinator({ groupId: group });
      await deleteCommitted(coordinator, group, { topic, partitions });
    } finally {
      await cluster.disconnect();
    }
  }, { group, topic });
  return partitions;
}
