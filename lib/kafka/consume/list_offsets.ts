import { byTopicAndPartition, type TopicPartition } from "../../serde/mod.ts";
import type { PartitionOffset } from "../admin/lag.ts";
import { type Broker, type Cluster, leaderOf } from "../transport/broker.ts";
import { errorOfCode } from "../transport/patches.ts";
import { EARLIEST, LATEST, LIST_OFFSETS } from "../wire/api/list_offsets.ts";

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

/** Where the partitions of a topic begin and end, by partition. */
export interface TopicBounds {
  /** How many partitions the topic has, those that were not asked about too. */
  readonly count: number;
  /** Offset of the first record that is there. */
  readonly begin: ReadonlyMap<number, number>;
  /** Offset that the next record gets. */
  readonly end: ReadonlyMap<number, number>;
  /** Offset of the first record at least as young as the time that was asked for; the end where there is none. */
  readonly since: ReadonlyMap<number, number>;
}

/**
 * Asks for both ends of a topic's partitions, and for the first offset of a time.
 *
 * @param options.partitions Only their leaders are asked: another partition may have none. @default all
 * @param options.timestamp Epoch ms. @default the end
 * @throws As {@link learnTopic} and {@link listOffsets}
 */
export async function boundsIn(
  cluster: Cluster,
  topic: string,
  { partitions, timestamp = LATEST, readUncommitted }: {
    readonly partitions?: readonly number[] | undefined;
    readonly timestamp?: number | undefined;
    readonly readUncommitted: boolean;
  },
): Promise<TopicBounds> {
  const all = await learnTopic(cluster, topic);
  const wanted = all.filter(({ partition }) => partitions?.includes(partition) ?? true)
    .toSorted(byTopicAndPartition);
  const at = async (timestamp: number) => {
    const found = await listOffsets(cluster, wanted, { timestamp, readUncommitted });
    return new Map(found.map(({ partition, offset }) => [partition, offset]));
  };
  const end = await at(LATEST), since = timestamp === LATEST ? end : await at(timestamp);
  for (const [partition, offset] of since) {
    if (offset < 0) since.set(partition, end.get(partition)!);
  }
  return { count: all.length, begin: await at(EARLIEST), end, since };
}
