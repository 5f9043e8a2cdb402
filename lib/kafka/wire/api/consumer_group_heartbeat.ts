import type { RequestWriter } from "../request_writer.ts";
import type { ResponseReader } from "../response_reader.ts";
import type { Api } from "./api.ts";

/** Partitions of a topic, which the new protocols name by its id. */
export interface TopicIdPartitions {
  /** 16 bytes, in hexadecimal digits. */
  readonly topicId: string;
  readonly partitions: readonly number[];
}

/** A heartbeat, and what has changed since the last one; null for what has not. */
export interface ConsumerGroupHeartbeat {
  readonly group: string;
  readonly memberId: string;
  /** 0 to join, −1 to leave, −2 for a static member that comes back; else what the last response said. */
  readonly memberEpoch: number;
  readonly instanceId: string | null;
  readonly rebalanceTimeoutMs: number;
  readonly topics: readonly string[] | null;
  readonly owned: readonly TopicIdPartitions[] | null;
}

/** What the coordinator answers to a heartbeat. */
export interface GroupHeartbeatResponse {
  readonly errorCode: number;
  /** The broker's own sentence. */
  readonly said: string | null;
  readonly memberId: string | null;
  readonly memberEpoch: number;
  /** When it wants the next heartbeat. */
  readonly heartbeatMs: number;
  /** All that the member is to own; null where that has not changed. */
  readonly assignment: readonly TopicIdPartitions[] | null;
}

/** The one request of a group whose broker assigns the partitions. @see KIP-848 */
export const CONSUMER_GROUP_HEARTBEAT: Api<ConsumerGroupHeartbeat, GroupHeartbeatResponse> = {
  key: 68,
  name: "ConsumerGroupHeartbeat",
  versions: [0, 1],
  flexibleFrom: 0,
  encode(out, request, version) {
    out.string(request.group);
    out.string(request.memberId);
    out.int32(request.memberEpoch);
    out.string(request.instanceId);
    out.string(null); // rack
    out.int32(request.rebalanceTimeoutMs);
    out.array(request.topics, (topic) => out.string(topic));
    if (version >= 1) out.string(null); // pattern of topics
    out.string(null); // the broker chooses the assignor
    out.array(request.owned, (one) => topicIdPartitions(out, one));
    out.tags();
  },
  decode: readGroupHeartbeat,
};

function topicIdPartitions(out: RequestWriter, { topicId, partitions }: TopicIdPartitions): void {
  out.raw(Uint8Array.fromHex(topicId));
  out.array(partitions, (partition) => out.int32(partition));
  out.tags();
}

/** Share groups are answered in the same way. */
export function readGroupHeartbeat(input: ResponseReader): GroupHeartbeatResponse {
  input.int32(); // throttle time
  const errorCode = input.int16(), said = input.string(), memberId = input.string();
  const memberEpoch = input.int32(), heartbeatMs = input.int32();
  const isUnchanged = input.int8() < 0;
  const assignment = isUnchanged ? null : input.array(() => {
    const topicId = input.raw(16).toHex();
    const partitions = input.array(() => input.int32());
    input.tags();
    return { topicId, partitions };
  });
  return { errorCode, said, memberId, memberEpoch, heartbeatMs, assignment };
}
