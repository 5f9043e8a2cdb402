import type { Api } from "./api.ts";

/** Ends a membership, so that nobody waits for its session to pass. */
export interface LeaveGroupRequest {
  readonly group: string;
  readonly memberId: string;
  /** Of a static member (KIP-345). */
  readonly instanceId: string | null;
  /** For the broker's log (KIP-800). */
  readonly reason: string;
}

/** @see The protocol guide, LeaveGroup */
export const LEAVE_GROUP: Api<LeaveGroupRequest, { readonly errorCode: number }> = {
  key: 13,
  name: "LeaveGroup",
  versions: [1, 5],
  flexibleFrom: 4,
  encode(out, { group, memberId, instanceId, reason }, version) {
    out.string(group);
    if (version < 3) return out.string(memberId);
    out.array([memberId], (id) => {
      out.string(id);
      out.string(instanceId);
      if (version >= 5) out.string(reason);
      out.tags();
    });
    out.tags();
  },
  decode(input) {
    input.int32(); // throttle time
    return { errorCode: input.int16() };
  },
};
