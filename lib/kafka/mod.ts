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
 * await kafka.close();                                             // commits, leaves the group, disconnects
 * ```
 *
 * Offsets are numbers (below 2^53), timestamps Unix epoch milliseconds. Everything survives a broker's restart. This
 * room is the only importer of kafkajs; what it changes in it stands in `patches.ts`.
 *
 * @module
 */

export {
  type Adopted,
  type BrokerDescription,
  connect,
  type ConnectOptions,
  type Kafka,
} from "./connect.ts";
export { consumer } from "./consumer.ts";
export type {
  BatchOptions,
  Consumer,
  ConsumerOptions,
  RecordsOptions,
  SeekTarget,
  TakeOptions,
} from "./consumer_options.ts";
export type { WireRecord } from "./byte_writer.ts";
export { PackedRecords } from "./packed_records.ts";
export type { ProducerRecord } from "./encode_record.ts";
export { KafkaError } from "./errors.ts";
export type { Groups, OffsetChange, ResetOptions } from "./groups.ts";
export { closeAll, closeOnSignals } from "./handles.ts";
export { type LagFacts, lagOf, type PartitionOffset } from "./lag.ts";
export { type LanesOptions, topicLanes } from "./lanes.ts";
export type { Notice } from "./notices.ts";
export {
  emptyTopic,
  type Overlook,
  overlookTopics,
  type PartitionOverview,
  type TopicOverview,
} from "./overview.ts";
export type { StoredCopy } from "./stored.ts";
export { partitionOf } from "./partitioner.ts";
export { type Producer, producer, type ProducerOptions, type Sent } from "./producer.ts";
export { readAll, type ReadOptions, readTopic } from "./read_topic.ts";
export type { BadRecord, ConsumedRecord, OnDecodeError, RawRecord } from "./record.ts";
export { roundRobin } from "./round_robin.ts";
export { bytes, int, json, type Serde, text } from "./serdes.ts";
export type { StartPosition } from "./start_position.ts";
export type {
  CreatedTopic,
  CreateTopicOptions,
  PartitionDescription,
  TopicDescription,
  Topics,
  TopicSetting,
  TopicSize,
} from "./topics.ts";

// For engines built on this room (lib/streams/runtime): reading without a group, owning without reading, transactions.
export { deleteRecords } from "./delete_records.ts";
export { Fetched } from "./fetched.ts";
export { Fetcher, type FetcherOptions } from "./fetcher.ts";
export {
  type Candidate,
  GroupMember,
  type GroupMemberOptions,
  isOutOfGroup,
} from "./group_member.ts";
export type { CommittedOffset, GroupIdentity } from "./group_protocol.ts";
export { type Outcome, type PartitionBatch, ProduceSession } from "./produce_session.ts";
export type { ProducerIdentity } from "./patches.ts";
export type { LogRecord, UnreadRecords } from "./record_batch.ts";
export { TransactionSession } from "./transaction_session.ts";

// Types of other rooms and of kafkajs that the ones above name.
export type {
  KafkaSettings,
  PasswordLogin,
  SaslSettings,
  TlsFiles,
  TokenLogin,
} from "../settings/mod.ts";
export type {
  Assignment,
  Lag,
  Lane,
  MemberAssignment,
  RecordBox,
  TopicLanes,
  TopicPartition,
} from "../views/mod.ts";
export type { PartitionAssigner } from "kafkajs";
