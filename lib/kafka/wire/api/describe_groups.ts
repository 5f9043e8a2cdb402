/**
 * Groups whose partitions the broker itself assigns: of the new consumer protocol (KIP-848), share groups (KIP-932) and
 * streams groups (KIP-1071). The request of classic groups, DescribeGroups, says that they are dead.
 *
 * @module
 */
import { byTopicAndPartition, type TopicPartition } from "../../../serde/mod.ts";
import type { ResponseReader } from "../response_reader.ts";
import type { Api } from "./api.ts";

/** A group as its coordinator knows it. */
export interface ServerAssignedGroup {
  readonly protocol: "consumer" | "share" | "streams";
  /** 0, or Kafka's code for why it is not described. */
  readonly errorCode: number;
  /** Kafka's word: `Empty`, `Assigning`, `Reconciling`, `Stable`, `NotReady` or `Dead`. */
  readonly state: string;
  /** Of a streams group none: its members own tasks. */
  readonly members: readonly ServerAssignedMember[];
}

/** A member, and what it owns now. */
export interface ServerAssignedMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly partitions: readonly TopicPartition[];
}

type DescribeRequest = Api<{ readonly group: string }, ServerAssignedGroup>;

/** One request for each kind of group, in the order in which they came into Kafka. */
export const DESCRIBE_SERVER_ASSIGNED: readonly DescribeRequest[] = [
  describing("consumer", { key: 69, name: "ConsumerGroupDescribe", versions: [0, 0] }),
  describing("share", { key: 77, name: "ShareGroupDescribe", versions: [1, 1] }),
  describing("streams", { key: 89, name: "StreamsGroupDescribe", versions: [0, 0] }),
];

function describing(
  protocol: ServerAssignedGroup["protocol"],
  api: Pick<DescribeRequest, "key" | "name" | "versions">,
): DescribeRequest {
  return {
    ...api,
    flexibleFrom: 0,
    encode(out, { group }) {
      out.array([group], (name) => out.string(name));
      out.bool(false); // without what this user may do
      out.tags();
    },
    decode(input) {
      input.int32(); // throttle time
      // Only the first is read: one was asked for.
      const count = input.uvarint() - 1;
      if (count < 1) return { protocol, errorCode: GROUP_ID_NOT_FOUND, state: "Dead", members: [] };
      const errorCode = input.int16();
      input.string(); // what is wrong
      input.string(); // the group
      const state = input.text();
      if (errorCode !== 0 || protocol === "streams") {
        return { protocol, errorCode, state, members: [] };
      }
      input.int32(); // epoch of the group
      input.int32(); // epoch of its assignment
      input.string(); // assignor
      const members = input.array(() => member(input, protocol));
      return { protocol, errorCode, state, members };
    },
  };
}

/** Kafka's code for a group that is not there, or of another kind. */
export const GROUP_ID_NOT_FOUND = 69;

function member(input: ResponseReader, protocol: "consumer" | "share"): ServerAssignedMember {
  const memberId = input.text();
  if (protocol === "consumer") input.string(); // instance
  input.string(); // rack
  input.int32(); // epoch
  const clientId = input.text();
  input.string(); // host
  input.array(() => input.string()); // topics
  if (protocol === "consumer") input.string(); // pattern of topics
  const partitions = ownedPartitions(input);
  if (protocol === "consumer") ownedPartitions(input); // what it is meant to own
  input.tags();
  return { memberId, clientId, partitions };
}

function ownedPartitions(input: ResponseReader): TopicPartition[] {
  const partitions = input.array(() => {
    input.raw(16); // the topic's id
    const topic = input.text();
    const its = input.array(() => ({ topic, partition: input.int32() }));
    input.tags();
    return its;
  }).flat();
  input.tags();
  return partitions.sort(byTopicAndPartition);
}
