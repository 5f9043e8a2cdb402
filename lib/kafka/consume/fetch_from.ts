import type { Broker } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import {
  FETCH_BY_ID,
  FETCH_BY_NAME,
  type FetchLimits,
  type PartitionResponse,
  type WantedPartition,
} from "../wire/api/fetch.ts";

const NETWORK_DELAY_MS = 100;

/**
 * Asks a broker for what is new: by topic id where both know the ids, else by name.
 *
 * @throws An error with Kafka's word for it as `type`, when the whole request was refused.
 */
export async function fetchFrom(
  broker: Broker,
  partitions: readonly WantedPartition[],
  limits: FetchLimits,
): Promise<readonly PartitionResponse[]> {
  const byId = broker.versionOf(FETCH_BY_ID) !== undefined &&
    partitions.every(({ topicId }) => topicId !== null);
  const response = await broker.send(
    byId ? FETCH_BY_ID : FETCH_BY_NAME,
    { ...limits, partitions },
    limits.maxWaitMs + NETWORK_DELAY_MS,
  );
  if (response.errorCode !== 0) throw errorOfCode(response.errorCode);
  if (!byId) return response.partitions;
  const names = new Map(partitions.map(({ topic, topicId }) => [topicId!, topic]));
  return response.partitions.map((one) => ({ ...one, topic: names.get(one.topic) ?? one.topic }));
}
