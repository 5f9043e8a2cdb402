import { byTopicAndPartition, type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";
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
  const byPartition = (offsets: readonly PartitionOffset[]) =>
    new Map(offsets.map((one) => [topicPartitionKey(one), one.offset]));
  const done = byPartition(committed), first = byPartition(begin);
  const owners = new Map(
    members.toReversed().flatMap(({ member, partitions }) =>
      partitions.map((one) => [topicPartitionKey(one), member])
    ),
  );
  return end.map((one) => {
    const key = topicPartitionKey(one), committed = done.get(key) ?? null;
    const from = Math.max(committed ?? 0, first.get(key) ?? 0);
    return {
      topic: one.topic,
      partition: one.partition,
      committed,
      end: one.offset,
      lag: Math.max(0, one.offset - from),
      member: owners.get(key) ?? null,
    };
  }).sort(byTopicAndPartition);
}
