import type { Kafka } from "../client/connect.ts";
import { errorOfCode } from "../transport/patches.ts";
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
  const doing = `forget the offsets of group "${group}" in topic "${topic}"`;
  await kafka.askCoordinator(doing, async (coordinator) => {
    const request = { group, partitions: partitions.map((partition) => ({ topic, partition })) };
    const { errorCode, partitions: results } = await coordinator.send(OFFSET_DELETE, request);
    for (const code of [errorCode, ...results.map((one) => one.errorCode)]) {
      if (code !== 0) throw errorOfCode(code);
    }
  }, { group, topic });
  return partitions;
}
