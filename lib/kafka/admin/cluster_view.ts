import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { type Cluster, metadataOf } from "../transport/broker.ts";
import { DESCRIBE_LOG_DIRS, type StoredCopy } from "../wire/api/describe_log_dirs.ts";
import { DESCRIBE_QUORUM } from "../wire/api/describe_quorum.ts";
import { EARLIEST, LATEST, LIST_OFFSETS } from "../wire/api/list_offsets.ts";
import { type GroupOverview, groupOverviews } from "./group_overview.ts";
import type { PartitionDescription } from "./topics.ts";

/** A partition with what lies in it. */
export interface PartitionOverview extends PartitionDescription {
  /** Offset of the oldest record still there; null while its leader is away. */
  readonly begin: number | null;
  /** Offset the next record will get; null while its leader is away. */
  readonly end: number | null;
  /** How far a read-committed reader gets: less than `end` while a transaction is open. */
  readonly stable: number | null;
}

/** A topic with its partitions in order. */
export interface TopicOverview {
  /** Its name. */
  readonly topic: string;
  /** In order of their number. */
  readonly partitions: readonly PartitionOverview[];
}

/** A connection that looks at all topics again and again; close it in the end. */
export interface Overlook {
  /** Every topic, Kafka's own too, by name: four requests, however many topics there are. */
  topics(): Promise<readonly TopicOverview[]>;
  /** Every group that these brokers keep, by name: five requests to each, and one for each share group. */
  groups(brokers: readonly number[]): Promise<readonly GroupOverview[]>;
  /** What lies on the disks of these brokers; one that does not answer is left out. */
  stored(brokers: readonly number[]): Promise<readonly StoredCopy[]>;
  /** Node that leads the quorum of controllers; null where that is not known. */
  controller(): Promise<number | null>;
  /** Disconnects. */
  close(): Promise<void>;
}

/**
 * Opens a view of the whole cluster for a page that shows all topics and keeps them up to date.
 *
 * @example
 * ```ts ignore
 * const overlook = overlookTopics(kafka);
 * console.table(await overlook.topics());
 * await overlook.close();
 * ```
 */
export function overlookTopics(kafka: Kafka): Overlook {
  const cluster = kafka.cluster({ retry: { retries: 1, maxRetryTime: 300 } });
  return {
    async topics() {
      const { topics } = await kafka.askCluster(
        "describe the topics",
        (cluster) => metadataOf(cluster, null),
      );
      const places = topics.flatMap(({ topic, partitions }) =>
        partitions.filter(({ leader }) => leader >= 0)
          .map(({ partition, leader }) => ({ topic, partition, leader }))
      );
      const begin = await offsets(cluster, places, { timestamp: EARLIEST, readUncommitted: true });
      const end = await offsets(cluster, places, { timestamp: LATEST, readUncommitted: true });
      const stable = await offsets(cluster, places, { timestamp: LATEST, readUncommitted: false });
      return topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((one) => {
          const key = topicPartitionKey({ topic, partition: one.partition });
          const at = (ends: ReadonlyMap<string, number>) => ends.get(key) ?? null;
          return { ...one, begin: at(begin), end: at(end), stable: at(stable) };
        }).sort((a, b) => a.partition - b.partition),
      })).sort((a, b) => a.topic < b.topic ? -1 : 1);
    },
    groups: (brokers) => groupOverviews(cluster, brokers),
    async stored(brokers) {
      const copies = await Promise.allSettled(brokers.map(async (broker) => {
        const found = await (await cluster.broker(broker)).send(DESCRIBE_LOG_DIRS, {});
        return found.map((copy) => ({ broker, ...copy }));
      }));
      return copies.flatMap((one) => one.status === "fulfilled" ? one.value : []);
    },
    async controller() {
      try {
        return (await (await cluster.controller()).send(DESCRIBE_QUORUM, {})).leader;
      } catch {
        return null; // Old clusters without KRaft do not know the request.
      }
    },
    close: () => cluster.close(),
  };
}

/** A partition, and the broker to ask about it. */
type Place = TopicPartition & { readonly leader: number };

/** One request per broker, whatever the number of topics. */
async function offsets(
  cluster: Cluster,
  places: readonly Place[],
  options: { readonly timestamp: number; readonly readUncommitted: boolean },
): Promise<ReadonlyMap<string, number>> {
  const { timestamp, readUncommitted } = options;
  const responses = await Promise.all(
    [...Map.groupBy(places, ({ leader }) => leader)].map(async ([leader, own]) => {
      const partitions = own.map(({ topic, partition }) => ({ topic, partition, timestamp }));
      const broker = await cluster.broker(leader);
      return await broker.send(LIST_OFFSETS, { readUncommitted, partitions });
    }),
  );
  return new Map(
    responses.flat().filter(({ errorCode }) => errorCode === 0)
      .map(({ offset, ...at }) => [topicPartitionKey(at), offset]),
  );
}
