/**
 * What members of a group tell each other through the broker, which does not look into it.
 *
 * @see Kafka's `ConsumerProtocol`; KIP-429 added the partitions that a member owns
 *
 * @module
 */
import { byTopicAndPartition, type TopicPartition } from "../../serde/mod.ts";
import { RequestWriter } from "./request_writer.ts";
import { ResponseReader } from "./response_reader.ts";

/** What a member tells the leader. */
export interface Subscription {
  readonly topics: readonly string[];
  /** Whatever the way of assigning needs besides. */
  readonly userData: Uint8Array;
  /** What it owns when it joins again and has not given it back; empty where everything is given back first. */
  readonly owned: readonly TopicPartition[];
}

/** Version 1, which old clients read as well: what they do not know stands at the end. */
export function encodeSubscription({ topics, userData, owned }: Subscription): Uint8Array {
  const out = new RequestWriter(false);
  out.int16(1);
  out.array(topics, (topic) => out.string(topic));
  out.bytesField(userData);
  writePartitions(out, owned);
  return out.bytes;
}

/** Reads what any client wrote. */
export function decodeSubscription(bytes: Uint8Array): Subscription {
  const input = new ResponseReader(bytes, false), version = input.int16();
  const topics = input.array(() => input.text()), userData = input.bytes() ?? new Uint8Array();
  return { topics, userData, owned: version >= 1 ? readPartitions(input) : [] };
}

/** As {@link decodeSubscription}; empty where a member wrote what cannot be read: it costs only itself. */
export function readableSubscription(bytes: Uint8Array): Subscription {
  try {
    return decodeSubscription(bytes);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { topics: [], userData: new Uint8Array(), owned: [] };
  }
}

/** The partitions of one member, as the leader hands them out; `userData` is the assignor's. */
export function encodeAssignment(
  partitions: readonly TopicPartition[],
  userData: Uint8Array | null = null,
): Uint8Array {
  const out = new RequestWriter(false);
  out.int16(0);
  writePartitions(out, partitions);
  out.bytesField(userData);
  return out.bytes;
}

/** Reads them; a member that was given nothing may have no bytes at all. */
export function decodeAssignment(bytes: Uint8Array): readonly TopicPartition[] {
  if (bytes.length === 0) return [];
  const input = new ResponseReader(bytes, false);
  input.int16();
  return readPartitions(input).sort(byTopicAndPartition);
}

/** What the assignor added to an assignment; empty where it added nothing. */
export function assignmentUserData(bytes: Uint8Array): Uint8Array {
  if (bytes.length === 0) return bytes;
  const input = new ResponseReader(bytes, false);
  input.int16();
  readPartitions(input);
  return input.bytes() ?? new Uint8Array();
}

function writePartitions(out: RequestWriter, partitions: readonly TopicPartition[]): void {
  out.array([...Map.groupBy(partitions, ({ topic }) => topic)], ([topic, found]) => {
    out.string(topic);
    out.array(found, ({ partition }) => out.int32(partition));
  });
}

function readPartitions(input: ResponseReader): TopicPartition[] {
  return input.array(() => {
    const topic = input.text();
    return input.array(() => ({ topic, partition: input.int32() }));
  }).flat();
}
