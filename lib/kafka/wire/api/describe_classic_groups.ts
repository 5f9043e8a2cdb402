import type { Api } from "./api.ts";

/** A group whose members share out the partitions themselves, as its coordinator knows it. */
export interface ClassicGroup {
  readonly group: string;
  /** 0, or Kafka's code for why it is not described. */
  readonly errorCode: number;
  /** Kafka's word: `Stable`, `Empty`, `PreparingRebalance`, `CompletingRebalance` or `Dead`. */
  readonly state: string;
  /** `consumer` where what is shared out are partitions. */
  readonly protocolType: string;
  readonly members: readonly {
    readonly memberId: string;
    readonly clientId: string;
    /** What the leader gave it; only members can read it. */
    readonly assignment: Uint8Array;
  }[];
}

/** Asks a coordinator for groups of its own. @see The protocol guide, DescribeGroups */
export const DESCRIBE_CLASSIC_GROUPS: Api<
  { readonly groups: readonly string[] },
  readonly ClassicGroup[]
> = {
  key: 15,
  name: "DescribeGroups",
  versions: [0, 5],
  flexibleFrom: 5,
  encode(out, { groups }, version) {
    out.array(groups, (group) => out.string(group));
    if (version >= 3) out.bool(false); // without what this user may do
    out.tags();
  },
  decode(input, version) {
    if (version >= 1) input.int32(); // throttle time
    return input.array((): ClassicGroup => {
      const errorCode = input.int16(), group = input.text(), state = input.text();
      const protocolType = input.text();
      input.string(); // the way of assigning that was chosen
      const members = input.array(() => {
        const memberId = input.text();
        if (version >= 4) input.string(); // instance
        const clientId = input.text();
        input.string(); // host
        input.bytes(); // what it told the leader
        const assignment = (input.bytes() ?? new Uint8Array()).slice();
        input.tags();
        return { memberId, clientId, assignment };
      });
      if (version >= 3) input.int32(); // what this user may do
      input.tags();
      return { group, errorCode, state, protocolType, members };
    });
  },
};
