import { Buffer } from "node:buffer";
import { AssignerProtocol, type PartitionAssigner } from "kafkajs";

/**
 * Deals partitions to members like cards: in turn, in the order given.
 *
 * @example Two partitions, three members: the third gets none
 * ```ts
 * import assert from "node:assert/strict";
 * import { roundRobin } from "./round_robin.ts";
 * assert.deepEqual(roundRobin([0, 1], ["a", "b", "c"]), [[0, "a"], [1, "b"]]);
 * ```
 * @param members At least one.
 */
export function roundRobin<P, M>(
  partitions: readonly P[],
  members: readonly M[],
): readonly (readonly [P, M])[] {
  return partitions.map((partition, i) => [partition, members[i % members.length]!]);
}

/**
 * How the leader of a group shares out partitions: members in the order of their names, partitions in the order of
 * topics and numbers. Speaks the same protocol as kafkajs's own assigner, so both can be in one group.
 */
export const roundRobinAssigner: PartitionAssigner = ({ cluster }) => ({
  name: "RoundRobinAssigner",
  version: 0,
  protocol({ topics }) {
    const metadata = { version: 0, topics, userData: Buffer.alloc(0) };
    return {
      name: this.name,
      metadata: AssignerProtocol.MemberMetadata.encode(metadata),
    };
  },
  // deno-lint-ignore require-await -- kafkajs expects a promise.
  async assign({ members, topics }) {
    // Kafka puts a member's readable name in front of its id, so this is the order of the names.
    const memberIds = members.map(({ memberId }) => memberId).sort();
    const partitions = topics.toSorted().flatMap((topic) =>
      partitionsOf(cluster, topic).map((partition) => ({ topic, partition }))
    );
    const dealt = Map.groupBy(roundRobin(partitions, memberIds), ([, memberId]) => memberId);
    return [...dealt].map(([memberId, pairs]) => {
      const assignment: Record<string, number[]> = {};
      for (const [{ topic, partition }] of pairs) (assignment[topic] ??= []).push(partition);
      const content = { version: 0, assignment, userData: Buffer.alloc(0) };
      return {
        memberId,
        memberAssignment: AssignerProtocol.MemberAssignment.encode(content),
      };
    });
  },
});

function partitionsOf(
  cluster: Parameters<PartitionAssigner>[0]["cluster"],
  topic: string,
): number[] {
  return cluster.findTopicPartitionMetadata(topic)
    .map(({ partitionId }) => partitionId).sort((a, b) => a - b);
}
