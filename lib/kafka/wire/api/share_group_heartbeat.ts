import type { Api } from "./api.ts";
import { type GroupHeartbeatResponse, readGroupHeartbeat } from "./consumer_group_heartbeat.ts";

/** The heartbeat of a share group's member. @see KIP-932 */
export const SHARE_GROUP_HEARTBEAT: Api<
  {
    readonly group: string;
    readonly memberId: string;
    /** 0 to join, −1 to leave; else what the last response said. */
    readonly memberEpoch: number;
    readonly topics: readonly string[];
  },
  GroupHeartbeatResponse
> = {
  key: 76,
  name: "ShareGroupHeartbeat",
  versions: [1, 1],
  flexibleFrom: 0,
  encode(out, { group, memberId, memberEpoch, topics }) {
    out.string(group);
    out.string(memberId);
    out.int32(memberEpoch);
    out.string(null); // rack
    out.array(topics, (topic) => out.string(topic));
    out.tags();
  },
  decode: readGroupHeartbeat,
};
