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
  readonly group: string;
  readonly protocol: "consumer" | "share" | "streams";
  /** 0, or Kafka's code for why it is not described. */
  readonly errorCode: number;
  /** Kafka's word: `Empty`, `Assigning`, `Reconciling`, `Stable`, `NotReady` or `Dead`. */
  readonly state: string;
  /** Of a streams group they own the partitions that their tasks read. */
  readonly members: readonly ServerAssignedMember[];
}

/** A member, and what it owns now. */
export interface ServerAssignedMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly partitions: readonly TopicPartition[];
}

type DescribeRequest = Api<
  { readonly groups: readonly string[] },
  readonly ServerAssignedGroup[]
>;

/** One request for each kind of group, in the order in which they came into Kafka. */
export const DESCRIBE_SERVER_ASSIGNED: readonly (DescribeRequest & {
  readonly protocol: ServerAssignedGroup["protocol"];
})[] = [
  describing("consumer", { key: 69, name: "ConsumerGroupDescribe", versions: [0, 0] }),
  describing("share", { key: 77, name: "ShareGroupDescribe", versions: [1, 1] }),
  describing("streams", { key: 89, name: "StreamsGroupDescribe", versions: [0, 0] }),
];

function describing(
  protocol: ServerAssignedGroup["protocol"],
  api: Pick<DescribeRequest, "key" | "name" | "versions">,
): typeof DESCRIBE_SERVER_ASSIGNED[number] {
  return {
    ...api,
    protocol,
    flexibleFrom: 0,
    encode(out, { groups }) {
      out.array(groups, (name) => out.string(name));
      out.bool(false); // without what this user may do
      out.tags();
    },
    decode(input) {
      input.int32(); // throttle time
      return input.array((): ServerAssignedGroup => {
        const errorCode = input.int16();
        input.string(); // what is wrong
        const group = input.text(), state = input.text();
        input.int32(); // epoch of the group
        input.int32(); // epoch of its assignment
        const reads = protocol === "streams" ? subTopologies(input) : undefined;
        if (!reads) input.string(); // assignor
        const members = input.array(() => reads ? worker(input, reads) : member(input, protocol));
        input.int32(); // what this user may do
        input.tags();
        return { group, protocol, errorCode, state, members };
      });
    },
  };
}

/** Kafka's codes for a group that is not there, or of another kind, and for a broker that has not switched its kind on. */
export const NO_SUCH_GROUP: readonly number[] = [69, 35];

function member(
  input: ResponseReader,
  protocol: ServerAssignedGroup["protocol"],
): ServerAssignedMember {
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

/** Sub-topology of a streams group -> topics that its tasks read. */
function subTopologies(input: ResponseReader): ReadonlyMap<string, readonly string[]> {
  if (input.int8() < 0) return new Map(); // no member has said how it looks
  input.int32(); // epoch of the topology
  const topics = () => {
    const found = input.array(() => {
      const topic = input.text();
      input.int32(); // partitions
      input.int16(); // copies
      input.array(() => [input.string(), input.string(), input.tags()]); // settings
      input.tags();
      return topic;
    });
    return found;
  };
  const found = input.array(() => {
    const id = input.text(), sources = input.array(() => input.text());
    input.array(() => input.string()); // topics that it repartitions into
    topics(); // changelogs
    const repartitions = topics();
    input.tags();
    return [id, [...sources, ...repartitions]] as const;
  });
  input.tags();
  return new Map(found);
}

/** A member of a streams group: the topics of its active tasks, in the tasks' partitions. */
function worker(
  input: ResponseReader,
  reads: ReadonlyMap<string, readonly string[]>,
): ServerAssignedMember {
  const memberId = input.text();
  input.int32(); // its epoch
  input.string(); // instance
  input.string(); // rack
  const clientId = input.text();
  input.string(); // host
  input.int32(); // epoch of its topology
  input.string(); // process
  if (input.int8() >= 0) { // where it can be asked for its state
    input.string();
    input.int16();
    input.tags();
  }
  const pairs = () => input.array(() => [input.string(), input.string(), input.tags()]);
  const offsets = () =>
    input.array(() => [input.string(), input.int32(), input.int64(), input.tags()]);
  const tasks = () =>
    input.array(() => {
      const id = input.text(), partitions = input.array(() => input.int32());
      input.tags();
      return partitions.flatMap((partition) =>
        (reads.get(id) ?? []).map((topic) => ({ topic, partition }))
      );
    }).flat();
  const assignment = () => {
    const active = tasks();
    tasks(); // standby
    tasks(); // warming up
    input.tags();
    return active;
  };
  pairs(); // its tags
  offsets(); // of its tasks
  offsets(); // where those end
  const partitions = assignment();
  assignment(); // what it is meant to own
  input.bool(); // whether it speaks the old protocol
  input.tags();
  return { memberId, clientId, partitions: partitions.sort(byTopicAndPartition) };
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
