/**
 * Groups whose partitions the broker itself assigns: of the new consumer protocol (KIP-848), share groups (KIP-932) and
 * streams groups (KIP-1071). The request of classic groups, DescribeGroups, says that they are dead.
 *
 * @module
 */
import Decoder from "kafkajs/src/protocol/decoder.js";
import Encoder from "kafkajs/src/protocol/encoder.js";
import { byTopicAndPartition, type TopicPartition } from "../../../serde/mod.ts";
import { type Api, commonVersion } from "../../transport/negotiate.ts";
import { type Cluster, errorOfCode } from "../../transport/patches.ts";
import { skipTags } from "./metadata.ts";

/** A group as its coordinator knows it. */
export interface ServerAssignedGroup {
  readonly protocol: "consumer" | "share" | "streams";
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

// deno-lint-ignore no-explicit-any -- kafkajs publishes no types for its decoder.
type Wire = any;

const REQUESTS: readonly (Api & { readonly protocol: ServerAssignedGroup["protocol"] })[] = [
  { protocol: "consumer", key: 69, name: "ConsumerGroupDescribe", versions: [0, 0] },
  { protocol: "share", key: 77, name: "ShareGroupDescribe", versions: [1, 1] },
  { protocol: "streams", key: 89, name: "StreamsGroupDescribe", versions: [0, 0] },
];
const GROUP_ID_NOT_FOUND = 69;
/** An empty list of tagged fields, with which flexible versions end every structure (KIP-482). */
const NO_TAGS = 0;

/**
 * Asks for a group that is not a classic one; null where there is none, or where the broker has no such groups.
 *
 * @param coordinator The group's own.
 */
export async function describeServerAssigned(
  coordinator: Cluster,
  group: string,
): Promise<ServerAssignedGroup | null> {
  for (const request of REQUESTS) {
    const apiVersion = commonVersion(coordinator, request);
    if (apiVersion === undefined) continue;
    const body = new Encoder().writeUVarInt(NO_TAGS)
      .writeUVarIntArray([new Encoder().writeUVarIntString(group)])
      .writeBoolean(false).writeUVarInt(NO_TAGS);
    // kafkajs awaits what `parse` returns, and takes a null for a failed request.
    const { found } = await coordinator.connectionPool.send({
      request: {
        apiKey: request.key,
        apiVersion,
        apiName: request.name,
        encode: () => body,
      },
      response: {
        decode: (bytes: Uint8Array) => ({ found: decodeGroup(bytes, request.protocol) }),
        parse: (data: unknown) => data,
      },
    });
    if (found) return found;
  }
  return null;
}

/** Reads the first group of a response; null where the broker knows none of that name and kind. */
export function decodeGroup(
  bytes: Uint8Array,
  protocol: ServerAssignedGroup["protocol"],
): ServerAssignedGroup | null {
  const decoder: Wire = new Decoder(bytes);
  skipTags(decoder);
  decoder.readInt32(); // throttle time
  if (decoder.readUVarInt() < 2) return null;
  const code: number = decoder.readInt16();
  decoder.readUVarIntString(); // what is wrong
  decoder.readUVarIntString(); // the group
  const state: string = decoder.readUVarIntString();
  if (code === GROUP_ID_NOT_FOUND) return null;
  if (code !== 0) throw errorOfCode(code);
  if (protocol === "streams") return { protocol, state, members: [] };
  decoder.readInt32(); // epoch of the group
  decoder.readInt32(); // epoch of its assignment
  decoder.readUVarIntString(); // assignor
  const members: ServerAssignedMember[] = decoder.readUVarIntArray(() =>
    protocol === "consumer" ? consumerMember(decoder) : shareMember(decoder)
  );
  return { protocol, state, members };
}

function consumerMember(decoder: Wire): ServerAssignedMember {
  const memberId: string = decoder.readUVarIntString();
  decoder.readUVarIntString(); // instance
  decoder.readUVarIntString(); // rack
  decoder.readInt32(); // epoch
  const clientId: string = decoder.readUVarIntString();
  decoder.readUVarIntString(); // host
  decoder.readUVarIntArray(() => decoder.readUVarIntString()); // topics
  decoder.readUVarIntString(); // pattern of topics
  const partitions = ownedPartitions(decoder);
  ownedPartitions(decoder); // what it is meant to own
  skipTags(decoder);
  return { memberId, clientId, partitions };
}

function shareMember(decoder: Wire): ServerAssignedMember {
  const memberId: string = decoder.readUVarIntString();
  decoder.readUVarIntString(); // rack
  decoder.readInt32(); // epoch
  const clientId: string = decoder.readUVarIntString();
  decoder.readUVarIntString(); // host
  decoder.readUVarIntArray(() => decoder.readUVarIntString()); // topics
  const partitions = ownedPartitions(decoder);
  skipTags(decoder);
  return { memberId, clientId, partitions };
}

function ownedPartitions(decoder: Wire): TopicPartition[] {
  const partitions: TopicPartition[] = [];
  decoder.readUVarIntArray(() => {
    decoder.readBytes(16); // the topic's id
    const topic: string = decoder.readUVarIntString();
    decoder.readUVarIntArray(() => partitions.push({ topic, partition: decoder.readInt32() }));
    skipTags(decoder);
  });
  skipTags(decoder);
  return partitions.sort(byTopicAndPartition);
}
