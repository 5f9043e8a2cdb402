import { type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
import type { Kafka } from "../client/connect.ts";
import { type Cluster, clusterOf } from "../transport/patches.ts";
import { quorumLeader } from "../wire/api/describe_quorum.ts";
import { type StoredCopy, storedOn } from "../wire/api/describe_log_dirs.ts";
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
  const cluster: Cluster = clusterOf(kafka.client({ retry: { retries: 1, maxRetryTime: 300 } }));
  return {
    async topics() {
      const described = await kafka.ask(
        "describe the topics",
        (admin) => admin.fetchTopicMetadata(),
      );
      await cluster.connect();
      await cluster.refreshMetadataIfNecessary();
      const places = described.topics.flatMap(({ name, partitions }) =>
        partitions.filter(({ leader }) => leader >= 0)
          .map(({ partitionId, leader }) => ({ topic: name, partition: partitionId, leader }))
      );
      const begin = await offsets(cluster, places, EARLIEST);
      const end = await offsets(cluster, places, LATEST);
      const stable = await offsets(cluster, places, LATEST, READ_COMMITTED);
      return described.topics.map(({ name, partitions }) => ({
        topic: name,
        partitions: partitions.map((one) => ({
          partition: one.partitionId,
          leader: one.leader,
          replicas: one.replicas,
          inSync: one.isr,
          begin: begin.get(topicPartitionKey({ topic: name, partition: one.partitionId })) ?? null,
          end: end.get(topicPartitionKey({ topic: name, partition: one.partitionId })) ?? null,
          stable: stable.get(topicPartitionKey({ topic: name, partition: one.partitionId })) ??
            null,
        })).sort((a, b) => a.partition - b.partition),
      })).sort((a, b) => a.topic < b.topic ? -1 : 1);
    },
    async stored(brokers) {
      await cluster.connect();
      await cluster.refreshMetadataIfNecessary();
      const copies = await Promise.allSettled(brokers.map((broker) => storedOn(cluster, broker)));
      return copies.flatMap((one) => one.status === "fulfilled" ? one.value : []);
    },
    async controller() {
      await cluster.connect();
      await cluster.refreshMetadataIfNecessary();
      // Old clusters without KRaft do not know the request, and not every user may ask.
      return await quorumLeader(await cluster.findControllerBroker()).catch(() => null);
    },
    close: () => cluster.disconnect(),
  };
}

/** A partition, and the broker to ask about it. */
type Place = TopicPartition & { readonly leader: number };

/** What Kafka calls the two ends of a partition when asked for an offset by time. */
const LATEST = "-1", EARLIEST = "-2";
const READ_UNCOMMITTED = 0, READ_COMMITTED = 1;

/** One request per broker, whatever the number of topics. */
async function offsets(
  cluster: Cluster,
  places: readonly Place[],
  timestamp: string,
  isolationLevel = READ_UNCOMMITTED,
): Promise<ReadonlyMap<string, number>> {
  const answers = await Promise.all(
    [...Map.groupBy(places, ({ leader }) => leader)].map(async ([nodeId, own]) => {
      const topics = [...Map.groupBy(own, ({ topic }) => topic)].map(([topic, partitions]) => ({
        topic,
        partitions: partitions.map(({ partition }) => ({ partition, timestamp })),
      }));
      const broker = await cluster.findBroker({ nodeId: `${nodeId}` });
      const { responses } = await broker.listOffsets({ isolationLevel, topics });
      return responses as readonly Answer[];
    }),
  );
  return new Map(
    answers.flat().flatMap(({ topic, partitions }) =>
      partitions.map((
        { partition, offset },
      ) => [topicPartitionKey({ topic, partition }), Number(offset)])
    ),
  );
}

interface Answer {
  readonly topic: string;
  readonly partitions: readonly { readonly partition: number; readonly offset: string }[];
}
