import type { Kafka } from "../client/connect.ts";
import { GroupCoordinator } from "../group/coordinator.ts";
import { OFFSET_DELETE } from "../wire/api/offset_delete.ts";

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
    const coordinator = new GroupCoordinator(kafka.cluster(), group);
    try {
      const request = {
        group,
        partitions: partitions.map((partition) => ({ topic, partition })),
      };
      await coordinator.send(OFFSET_DELETE, request, {
        errorIn: ({ errorCode, partitions }) =>
          errorCode || (partitions.find((one) => one.errorCode !== 0)?.errorCode ?? 0),
      });
    } finally {
      await coordinator.close();
    }
  }, { group, topic });
  return partitions;
}
