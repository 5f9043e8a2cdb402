import type { Api } from "./api.ts";
import type { GroupIdentity } from "./heartbeat.ts";

/** Brings the leader's assignments, and asks for one's own. */
export interface SyncGroupRequest extends GroupIdentity {
  readonly protocol: string;
  /** Given by the leader only. */
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[];
}

/** What the leader assigned to this member. */
export interface SyncGroupResponse {
  readonly errorCode: number;
  readonly assignment: Uint8Array;
}

/** @see The protocol guide, SyncGroup */
export const SYNC_GROUP: Api<SyncGroupRequest, SyncGroupResponse> = {
  key: 14,
  name: "SyncGroup",
  versions: [1, 5],
  flexibleFrom: 4,
  heldBack: true,
  encode(out, request, version) {
    out.string(request.group);
    out.int32(request.generation);
    out.string(request.memberId);
    if (version >= 3) out.string(request.instanceId ?? null);
    if (version >= 5) {
      out.string("consumer");
      out.string(request.protocol);
    }
    out.array(request.assignments, ({ memberId, assignment }) => {
      out.string(memberId);
      out.bytesField(assignment);
      out.tags();
    });
    out.tags();
  },
  decode(input, version) {
    input.int32(); // throttle time
    const errorCode = input.int16();
    if (version >= 5) {
      input.string();
      input.string();
    }
    return { errorCode, assignment: input.bytes() ?? new Uint8Array() };
  },
};
