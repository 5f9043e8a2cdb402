/**
 * Kafka for people who learn it and for programs that must not lose a record: topics, producers, consumers, groups.
 *
 * ```ts ignore
 * const kafka = await connect();                                   // where: the environment says (lib/settings)
 * await kafka.topics.create("demo_1", { partitions: 2 });
 *
 * const out = producer(kafka);
 * await out.send("demo_1", { value: { number: 1 } });              // { topic, partition, offset, timestamp }
 *
 * const reader = await consumer(kafka, { group: "g", topics: "demo_1", from: "earliest" });
 * const seen = await reader.take(5, { timeoutMs: 2_000 });
 * await kafka.groups.lag("g");                                     // [{ topic, partition, committed, end, lag, member }]
 *
 * const worker = await shareConsumer(kafka, { group: "s", topics: "demo_1" });
 * const [job] = await worker.take(1);                              // one member's alone, until it says what became of it
 * worker.acknowledge(job!, "release");                             // or "accept", "reject"
 *
 * await kafka.close();                                             // commits, leaves the group, disconnects
 * ```
 *
 * Offsets are numbers (below 2^53), timestamps Unix epoch milliseconds. Everything survives a broker's restart. This
 * room is the only importer of kafkajs. Engines that are built on it find more in `engine.ts`.
 *
 * @module
 */

export {
  type BrokerDescription,
  connect,
  type ConnectOptions,
  type Kafka,
  type NamedConsumer,
} from "./client/connect.ts";
export { KafkaError } from "./client/errors.ts";
export type { Notice } from "./client/notices.ts";
export { type ClusterOffers, clusterOffers } from "./client/offers.ts";

export type { DescribedGroup, Groups, OffsetChange, ResetOptions } from "./admin/groups.ts";
export { type LanesOptions, topicLanes } from "./admin/lanes.ts";
export type {
  CreatedTopic,
  CreateTopicOptions,
  PartitionDescription,
  TopicDescription,
  Topics,
  TopicSize,
} from "./admin/topics.ts";
export type { TopicSetting } from "./admin/settings.ts";

export type { ProducerRecord } from "./produce/encode_record.ts";
export type { ChoosePartition, PartitionChoice } from "./produce/partitioner.ts";
export { type Producer, producer, type ProducerOptions, type Sent } from "./produce/producer.ts";

export { consumer } from "./consume/consumer.ts";
export type {
  BatchOptions,
  Consumer,
  ConsumerOptions,
  RecordsOptions,
  SeekTarget,
  TakeOptions,
} from "./consume/consumer_options.ts";
export { shareConsumer } from "./share/share_consumer.ts";
export type { ShareConsumer, ShareConsumerOptions, SharedRecord } from "./share/share_options.ts";
export { readAll, type ReadOptions, readTopic } from "./consume/read_topic.ts";
export type { BadRecord, ConsumedRecord, OnDecodeError, RawRecord } from "./consume/record.ts";
export type { StartPosition } from "./consume/start_position.ts";
export {
  type Assignor,
  type Candidate,
  cooperativeStickyAssignor,
  roundRobin,
  roundRobinAssignor,
} from "./group/assignor.ts";

export {
  bytes,
  int32,
  int64,
  json,
  partitionForKey,
  type Serde,
  string,
  type SyncSerde,
} from "../serde/mod.ts";

// Types that the ones above name.
export type { Acknowledgement } from "./share/held_records.ts";
export type { Compression } from "./wire/compression.ts";
export type { Acks } from "./wire/encode_batch.ts";
export type { Unreadable } from "./wire/record_batch.ts";
export type { PartitionOffset } from "./admin/lag.ts";
export type { Adopted } from "./client/connect.ts";
export type {
  KafkaSettings,
  PasswordLogin,
  SaslSettings,
  TlsFiles,
  TokenLogin,
} from "../settings/mod.ts";
export type { Bytes, TopicPartition } from "../serde/mod.ts";
export {
  headerBytes,
  type HeadersInput,
  headerText,
  type RecordHeader,
  type RecordHeaders,
} from "../serde/mod.ts";
export type {
  Assignment,
  Lag,
  Lane,
  MemberAssignment,
  RecordBox,
  TopicLanes,
} from "../views/mod.ts";
