/**
 * A group membership over a fake cluster, for unit tests.
 *
 * @module
 */
import { roundRobinAssignor } from "../../lib/kafka/group/assignor.ts";
import { GroupMembership } from "../../lib/kafka/group/membership.ts";
import type { MembershipOptions } from "../../lib/kafka/group/membership_options.ts";
import type { KafkaError } from "../../lib/kafka/mod.ts";
import { FakeCluster } from "../../lib/kafka/transport/fake_cluster.ts";
import { decodeSubscription, encodeAssignment } from "../../lib/kafka/wire/consumer_protocol.ts";
import { type TopicPartition, topicPartitionKey } from "../../lib/serde/mod.ts";

/** Kafka's error codes. */
export const OK = 0, NOT_COORDINATOR = 16, ILLEGAL_GENERATION = 22, UNKNOWN_MEMBER_ID = 25;
export const INCONSISTENT_GROUP_PROTOCOL = 23,
  REBALANCE_IN_PROGRESS = 27,
  GROUP_AUTHORIZATION_FAILED = 30;
export const MEMBER_ID_REQUIRED = 79, FENCED_INSTANCE_ID = 82;

/** Partitions of topic "t". */
export const t = (...partitions: number[]) =>
  partitions.map((partition) => ({ topic: "t", partition }));
/** Partitions as text. */
export const keys = (partitions: readonly TopicPartition[]) =>
  partitions.map(topicPartitionKey).join(" ") || "nothing";

/** A membership over a fake cluster, and what it told. */
export function membershipOf(options: Partial<MembershipOptions> = {}) {
  const cluster = new FakeCluster(),
    told: string[] = [],
    lost = Promise.withResolvers<KafkaError>();
  cluster.partitions.set("t", 2);
  const membership = new GroupMembership(cluster, {
    group: "g",
    topics: ["t"],
    assignors: [roundRobinAssignor],
    heartbeatMs: 1,
    topicCheckMs: Infinity,
    onGeneration: ({ generation }) => void told.push(`generation ${generation}`),
    onRevoke: (partitions) => Promise.resolve(void told.push(`revoke ${keys(partitions)}`)),
    onAssign: ({ partitions, kept, retained }) => {
      told.push(`assign ${keys(partitions)}${kept ? ", kept" : ""}`);
      if (retained.length > 0) told.push(`retained ${keys(retained)}`);
      return Promise.resolve();
    },
    onLost: (error) => {
      told.push(`lost: ${error.code}`);
      lost.resolve(error);
    },
    ...options,
  });
  const joined = membership.join();
  joined.catch(() => {});
  /** Lets the member join as a follower, and be given these. */
  const letJoin = async (
    generation: number,
    partitions: readonly TopicPartition[],
    response: Record<string, unknown> = {},
  ) => {
    const join = await cluster.next("JoinGroup");
    const memberId = join.request.memberId || "m";
    join.respond(joinResponse({ generation, memberId, ...response }));
    const sync = await cluster.next("SyncGroup");
    sync.respond({ errorCode: OK, assignment: encodeAssignment(partitions) });
    return join;
  };
  /** Answers the next heartbeat. */
  const answerHeartbeat = async (errorCode: number) => {
    const heartbeat = await cluster.next("Heartbeat");
    heartbeat.respond({ errorCode });
    return heartbeat;
  };
  const leave = async () => {
    const left = membership.leave();
    (await cluster.next("LeaveGroup")).respond({ errorCode: OK });
    await left;
  };
  return { cluster, told, membership, joined, lost: lost.promise, letJoin, answerHeartbeat, leave };
}

/** What a member gets that follows. */
export function joinResponse(response: Record<string, unknown>): object {
  return {
    errorCode: OK,
    generation: 1,
    protocol: "RoundRobinAssigner",
    leader: "another",
    skipAssignment: false,
    memberId: "m",
    members: [],
    ...response,
  };
}

/** The ways of assigning that a join offers. */
export const offeredIn = ({ request }: { readonly request: Readonly<Record<string, unknown>> }) =>
  (request.protocols as { name: string }[]).map(({ name }) => name).join(" ");

/** The partitions that a join claims. */
export const ownedIn = (join: { readonly request: Readonly<Record<string, unknown>> }) => {
  const [protocol] = join.request.protocols as { metadata: Uint8Array }[];
  return keys(decodeSubscription(protocol!.metadata).owned);
};
