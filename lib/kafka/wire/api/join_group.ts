import type { Api } from "./api.ts";

/** Asks to be a member of a group, until all others have asked again, too. */
export interface JoinGroupRequest {
  readonly group: string;
  readonly sessionTimeoutMs: number;
  /** How long the others may take to join again. */
  readonly rebalanceTimeoutMs: number;
  /** Empty at first; the broker gives one. */
  readonly memberId: string;
  /** Of a static member (KIP-345). */
  readonly instanceId: string | null;
  /** Ways of assigning partitions, most wanted first, each with what the leader needs to know of this member. */
  readonly protocols: readonly { readonly name: string; readonly metadata: Uint8Array }[];
  /** Why it joins again, for the broker's log (KIP-800). */
  readonly reason: string;
}

/** What a member learns when everybody has joined. */
export interface JoinGroupResponse {
  readonly errorCode: number;
  readonly generation: number;
  readonly protocol: string | null;
  readonly leader: string;
  /** True for a static leader that came back: the group keeps the assignment it has (KIP-814). */
  readonly skipAssignment: boolean;
  readonly memberId: string;
  /** All members, told to the leader only. */
  readonly members: readonly {
    readonly memberId: string;
    readonly instanceId: string | null;
    readonly metadata: Uint8Array;
  }[];
}

/** @see The protocol guide, JoinGroup */
export const JOIN_GROUP: Api<JoinGroupRequest, JoinGroupResponse> = {
  key: 11,
  name: "JoinGroup",
  versions: [2, 9],
  flexibleFrom: 6,
  heldBack: true,
  encode(out, request, version) {
    out.string(request.group);
    out.int32(request.sessionTimeoutMs);
    out.int32(request.rebalanceTimeoutMs);
    out.string(request.memberId);
    if (version >= 5) out.string(request.instanceId);
    out.string("consumer");
    out.array(request.protocols, ({ name, metadata }) => {
      out.string(name);
      out.bytesField(metadata);
      out.tags();
    });
    if (version >= 8) out.string(request.reason);
    out.tags();
  },
  decode(input, version) {
    input.int32(); // throttle time
    const errorCode = input.int16(), generation = input.int32();
    if (version >= 7) input.string(); // type of the protocol
    const protocol = input.string(), leader = input.text();
    const skipAssignment = version >= 9 ? input.bool() : false;
    const memberId = input.text();
    const members = input.array(() => {
      const member = {
        memberId: input.text(),
        instanceId: version >= 5 ? input.string() : null,
        metadata: input.bytes() ?? new Uint8Array(),
      };
      input.tags();
      return member;
    });
    return { errorCode, generation, protocol, leader, skipAssignment, memberId, members };
  },
};
