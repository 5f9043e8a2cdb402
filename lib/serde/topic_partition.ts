/** One partition of one topic. */
export interface TopicPartition {
  /** Name of the topic. */
  readonly topic: string;
  /** Its number, from 0. */
  readonly partition: number;
}

/**
 * A partition as Kafka's own tools write it, `topic-partition`: a key for maps, unique as the number comes last.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { topicPartitionKey } from "./topic_partition.ts";
 * assert.equal(topicPartitionKey({ topic: "rides", partition: 3 }), "rides-3");
 * ```
 */
export function topicPartitionKey({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}

/** Order for lists of partitions: topics by name, partitions by number. */
export function byTopicAndPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
}
