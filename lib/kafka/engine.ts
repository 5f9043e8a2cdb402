/**
 * Kafka for engines and tools that are built on it: reading without a group, owning without reading, transactions,
 * and views of a whole cluster. People who produce and consume need only `mod.ts`.
 *
 * @module
 */

export { brokerSettings, diskFolders } from "./admin/broker_settings.ts";
export {
  type Overlook,
  overlookTopics,
  type PartitionOverview,
  type TopicOverview,
} from "./admin/cluster_view.ts";
export type { GroupOverview } from "./admin/group_overview.ts";
export { deleteGroupOffsets } from "./admin/delete_group_offsets.ts";
export { deleteRecords, emptyTopic } from "./admin/delete_records.ts";
export { type LagFacts, lagOf, type PartitionOffset } from "./admin/lag.ts";
export { type OpenTransaction, openTransactions } from "./admin/open_transactions.ts";
export { topicBounds } from "./admin/topic_offsets.ts";

export { Fetched } from "./consume/fetched_partition.ts";
export { Fetcher, type FetcherOptions } from "./consume/fetcher.ts";
export type { TopicBounds } from "./consume/list_offsets.ts";
export type { Assignor, Candidate } from "./group/assignor.ts";
export { GroupCoordinator, isOutOfGroup } from "./group/coordinator.ts";
export { GroupMembership } from "./group/membership.ts";
export type { GroupAssignment, Membership, MembershipOptions } from "./group/membership_options.ts";
export type { PartitionBatch, WrittenPart } from "./produce/pending_batch.ts";
export {
  type Outcome,
  ProduceSession,
  type SessionOptions,
  type Written,
} from "./produce/produce_session.ts";
export { TransactionSession } from "./produce/transaction_session.ts";

export type { ProducerIdentity, TransactionalIdentity } from "./wire/api/transactions.ts";
export type { StoredCopy } from "./wire/api/describe_log_dirs.ts";
export type { GroupIdentity } from "./wire/api/heartbeat.ts";
export type { CommittedOffset } from "./wire/api/offset_fetch.ts";
export type { BatchHeader } from "./wire/batch_headers.ts";
export type { DiskFolder } from "./wire/api/describe_disks.ts";
export type { WireRecord } from "./wire/byte_writer.ts";
export { PackedRecords } from "./wire/packed_records.ts";
export type { LogRecord, Unreadable, UnreadRecords } from "./wire/record_batch.ts";
export { crc32c } from "./wire/crc32c.ts";
export { type SegmentField, segmentFields } from "./wire/segment_fields.ts";
export { ResponseReader } from "./wire/response_reader.ts";
