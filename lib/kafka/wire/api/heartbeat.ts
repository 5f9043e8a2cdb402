import type { Api } from "./api.ts";

/** A member as of one generation of its group. */
export interface GroupIdentity {
  /** Name of the group. */
  readonly group: string;
  /** The name that Kafka gave the member, unique in the group. */
  readonly memberId: string;
  /** Counts the group's rebalances; an older one than the group's is refused. */
  readonly generation: number;
  /** Of a static member (KIP-345). @default dynamic */
  readonly instanceId?: string | null;
}

/** Keeps a member's session alive; the response tells whether the group is about to rebalance. */
export const HEARTBEAT: Api<GroupIdentity, { readonly errorCode: number }> = {
  key: 12,
  name: "Heartbeat",
  versions: [1, 4],
  flexibleFrom: 4,
  encode(out, { group, generation, memberId, instanceId = null }, version) {
    out.string(group);
    out.int32(generation);
    out.string(memberId);
    if (version >= 3) out.string(instanceId);
    out.tags();
  },
  decode(input) {
    input.int32(); // throttle time
    return { errorCode: input.int16() };
  },
};
