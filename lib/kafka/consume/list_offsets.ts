import type { TopicPartition } from "../../serde/mod.ts";
import type { PartitionOffset } from "../admin/lag.ts";
import { type Broker, type Cluster, leaderOf } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import { LIST_OFFSETS } from "../wire/api/list_offsets.ts";

const LEADER_NOT_AVAILABLE = 5;

/**
 * Offsets at a time, or at an end, of partitions that the cluster's last refresh was about: one request a broker.
 *
 * @param options.timestamp Epoch ms, `LATEST` or `EARLIEST`.
 * @throws An error with Kafka's word for it as `type`; retriable where a partition has no leader just now.
 */
export async function listOffsets(
  cluster: Cluster,
  partitions: readonly TopicPartition[],
  options: { readonly timestamp: number; readonly readUncommitted: boolean },
): Promise<readonly PartitionOffset[]> {
  const { timestamp, readUncommitted } = options;
  const found = await askLeaders(
    cluster,
    partitions,
    async (broker, its) =>
      await broker.send(LIST_OFFSETS, {
        readUncommitted,
        partitions: its.map(({ topic, partition }) => ({ topic, partition, timestamp })),
      }),
  );
  return found.map(({ errorCode, ...offset }) => {
    if (errorCode !== 0) throw errorOfCode(errorCode);
    return offset;
  });
}

/** Asks the leaders of partitions that the cluster's last refresh was about: one request a broker. */
export async function askLeaders<T extends TopicPartition, Result>(
  cluster: Cluster,
  partitions: readonly T[],
  ask: (leader: Broker, its: readonly T[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const byLeader = Map.groupBy(partitions, (one) => leaderOf(cluster, one));
  const found = await Promise.all([...byLeader].map(async ([leader, its]) => {
    if (leader === undefined) throw errorOfCode(LEADER_NOT_AVAILABLE);
    return await ask(await cluster.broker(leader), its);
  }));
  return found.flat();
}

/** The partitions of a topic, from a refresh of the cluster. @throws An error with Kafka's word, if it has none. */
export async function learnTopic(
  cluster: Cluster,
  topic: string,
): Promise<readonly TopicPartition[]> {
  await cluster.refresh([topic]);
  const { errorCode, partitions } = cluster.topic(topic)!;
  if (errorCode !== 0) throw errorOfCode(errorCode);
  return partitions.map(({ partition }) => ({ topic, partition }));
}
