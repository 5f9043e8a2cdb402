import { byTopicAndPartition, type TopicPartition, topicPartitionKey } from "../../serde/mod.ts";

/** What the leader of a group knows of a member when it assigns partitions. */
export interface Candidate {
  /** The name that Kafka gave it, unique in the group. */
  readonly memberId: string;
  /** Topics that it reads. */
  readonly topics: readonly string[];
  /** What it owns and has not given back: only under a cooperative assignor. */
  readonly owned: readonly TopicPartition[];
  /** Whatever the member wrote with {@link Assignor.announce}; empty where there is none. */
  readonly announced: string;
}

/** A way of assigning a group's partitions. Members of one group must have one in common. */
export interface Assignor {
  /** Its name in the group. */
  readonly name: string;
  /**
   * Members keep what they own during a rebalance, and give back only what must move (KIP-429).
   *
   * @default false: everybody stops, and gives everything back
   */
  readonly cooperative?: boolean;
  /** False for one that does not look at `partitions`: none are counted for it. @default true */
  readonly countsPartitions?: boolean;
  /** Text that the leader gets from this member at each join. @default none */
  readonly announce?: () => string;
  /**
   * Runs in the leader only.
   *
   * @param partitions How many each topic has; a topic that is not there has none.
   * @returns By member id.
   */
  assign(
    candidates: readonly Candidate[],
    partitions: ReadonlyMap<string, number>,
  ): ReadonlyMap<string, readonly TopicPartition[]>;
  /**
   * Text for each member that goes with its partitions; runs in the leader only, after `assign`.
   *
   * @default none
   */
  readonly inform?: (
    candidates: readonly Candidate[],
    assigned: ReadonlyMap<string, readonly TopicPartition[]>,
  ) => ReadonlyMap<string, string>;
  /**
   * Whether partitions have no owner until members have given them back and joined once more, by the text that went with
   * a member's own: another rebalance follows soon. If nobody asks for it, the leader does.
   *
   * @default never
   */
  readonly isPartial?: (informed: string) => boolean;
}

/**
 * Deals partitions to members like cards: in turn, in the order given.
 *
 * @example Two partitions, three members: the third gets none
 * ```ts
 * import assert from "node:assert/strict";
 * import { roundRobin } from "./assignor.ts";
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
 * Members in the order of their names, partitions in the order of topics and numbers; a member gets partitions of the
 * topics that it reads. Has the name of kafkajs's own assigner, so both can be in one group.
 */
export const roundRobinAssignor: Assignor = {
  name: "RoundRobinAssigner",
  assign(candidates, partitions) {
    const members = byName(candidates), assigned = nothingAssigned(members);
    const readers = (topic: string) => readersOf(topic, members).map(({ memberId }) => memberId);
    const all = allPartitions(members, partitions);
    for (const together of Map.groupBy(all, ({ topic }) => readers(topic).join("\n")).values()) {
      for (const [one, memberId] of roundRobin(together, readers(together[0]!.topic))) {
        assigned.get(memberId)!.push(one);
      }
    }
    return assigned;
  },
};

/**
 * Evenly, and to its owner where that is even: only what must move is given back, and is assigned in a second round.
 *
 * @see KIP-429; Kafka's `CooperativeStickyAssignor`, with whose members it can be in one group
 */
export const cooperativeStickyAssignor: Assignor = {
  name: "cooperative-sticky",
  cooperative: true,
  assign(candidates, partitions) {
    const members = byName(candidates), assigned = nothingAssigned(members);
    const all = allPartitions(members, partitions), owners = new Map<string, Candidate>();
    for (const member of members) {
      for (const one of member.owned) owners.set(topicPartitionKey(one), member);
    }
    const min = Math.floor(all.length / members.length);
    let membersAboveMin = all.length % members.length;
    const unassigned = all.filter((one) => {
      const owner = owners.get(topicPartitionKey(one));
      if (!owner?.topics.includes(one.topic)) return true;
      const its = assigned.get(owner.memberId)!;
      if (its.length > min || its.length === min && membersAboveMin === 0) return true;
      if (its.length === min) membersAboveMin--;
      its.push(one);
      return false;
    });
    for (const one of unassigned) {
      readersOf(one.topic, members).map(({ memberId }) => assigned.get(memberId)!)
        .reduce((fewest, its) => its.length < fewest.length ? its : fewest).push(one);
    }
    // What its owner has not given back yet is assigned when that owner has joined again without it.
    for (const [memberId, its] of assigned) {
      const isFree = (one: TopicPartition) => {
        const owner = owners.get(topicPartitionKey(one));
        return owner === undefined || owner.memberId === memberId;
      };
      assigned.set(memberId, its.filter(isFree));
    }
    return assigned;
  },
};

/** Kafka puts a member's readable name in front of its id, so this is the order of the names. */
function byName(candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.toSorted((a, b) => a.memberId < b.memberId ? -1 : 1);
}

function nothingAssigned(candidates: readonly Candidate[]): Map<string, TopicPartition[]> {
  return new Map(candidates.map(({ memberId }) => [memberId, []]));
}

function readersOf(topic: string, candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ topics }) => topics.includes(topic));
}

function allPartitions(
  candidates: readonly Candidate[],
  partitions: ReadonlyMap<string, number>,
): TopicPartition[] {
  const topics = [...new Set(candidates.flatMap(({ topics }) => topics))];
  return topics.flatMap((topic) =>
    Array.from({ length: partitions.get(topic) ?? 0 }, (_, partition) => ({ topic, partition }))
  ).sort(byTopicAndPartition);
}
