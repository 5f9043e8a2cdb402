/**
 * How keys and values become bytes and back, and where a key's records go: shared by everything that reads or writes Kafka.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { json, partitionForKey, string } from "lib/serde/mod.ts";
 *
 * const ride = json<{ vendorId: number }>();
 * assert.deepEqual(ride.decode(ride.encode({ vendorId: 1 }, "rides"), "rides"), { vendorId: 1 });
 * assert.equal(partitionForKey(string.encode("1", "rides"), 6), 3); // as in Java
 * ```
 *
 * @module
 */
export {
  headerBytes,
  type HeadersInput,
  headerText,
  type RecordHeader,
  type RecordHeaders,
  wireHeaders,
} from "./headers.ts";
export { murmur2, partitionForKey } from "./partition_for_key.ts";
export { type Bytes, type Serde, type SyncSerde } from "./serde.ts";
export { bytes, int32, int64, json, string } from "./serdes.ts";
export { byTopicAndPartition, type TopicPartition, topicPartitionKey } from "./topic_partition.ts";
export { decodeJson, decodeText, encodeText, slice } from "./utf8.ts";
