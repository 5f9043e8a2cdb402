import type { TopicPartition } from "../../serde/mod.ts";
import type { Lag, MemberAssignment } from "../../views/mod.ts";

/** A position of a group in one partition. */
export interface PartitionOffset extends TopicPartition {
  /** Of the next record to read, from 0. */
  readonly offset: number;
}

/** What {@link lagOf} needs to know. */
export interface LagFacts {
  /** Read before the end offsets, or the lag of a busy topic would come out negative. */
  readonly committed: readonly PartitionOffset[];
  /** Of every partition to report. */
  readonly begin: readonly PartitionOffset[];
  /** Of every partition to report. */
  readonly end: readonly PartitionOffset[];
  /** Who owns what now. @default nobody */
  readonly members?: readonly MemberAssignment[];
}

/**
 * How far a group is behind, partition by partition, sorted by topic and partition.
 *
 * Where nothing is committed, all that is still there is ahead of the group.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lagOf } from "./lag.ts";
 * const at = (offset: number) => [{ topic: "demo_1", partition: 0, offset }];
 * const [lag] = lagOf({ committed: at(7), begin: at(0), end: at(10) });
 * assert.equal(lag?.lag, 3);
 * ```
 */
export function lagOf({ committed, begin, end, members = [] }: LagFacts): readonly Lag[] {
  const find = (offsets: readonly PartitionOffset[], { topic, partition }: TopicPartition) =>
    offsets.find((one) => one.topic === topic && one.partition === partition)?.offset ?? null;
  const owner = ({ topic, partition }: TopicPartition) =>
    members.find(({ partitions }) =>
      partitions.some((one) => one.topic === topic && one.partition === partition)
    )?.member ?? null;
  return end.map((one) => {
    const done = find(committed, one);
    const from = Math.max(done ?? 0, find(begin, one) ?? 0);
    return {
      topic: one.topic,
      partition: one.partition,
      committed: done,
      end: one.offset,
      lag: Math.max(0, one.offset - from),
      member: owner(one),
    };
  }).sort(byTopicAndPartition);
}

/** Order for lists of partitions: topics by name, partitions by number. */
export function byTopicAndPartition(a: TopicPartition, b: TopicPartition): number {
  return a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : a.partition - b.partition;
}
