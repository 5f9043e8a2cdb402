import type { Api } from "./api.ts";

/** A group that a broker coordinates. */
export interface ListedGroup {
  readonly group: string;
  /** `consumer`, `connect` or whatever its members say they are; of share groups `share`. */
  readonly protocolType: string;
  /** Kafka's word for its type, such as `classic`; empty where the broker is older than types (KIP-848). */
  readonly type: string;
}

/** Asks a broker for the groups that it coordinates. @see The protocol guide, ListGroups */
export const LIST_GROUPS: Api<
  Record<never, never>,
  { readonly errorCode: number; readonly groups: readonly ListedGroup[] }
> = {
  key: 16,
  name: "ListGroups",
  versions: [0, 5],
  flexibleFrom: 3,
  encode(out, _, version) {
    if (version >= 4) out.array([], () => {}); // in any state
    if (version >= 5) out.array([], () => {}); // of any type
    out.tags();
  },
  decode(input, version) {
    if (version >= 1) input.int32(); // throttle time
    const errorCode = input.int16();
    const groups = input.array((): ListedGroup => {
      const group = input.text(), protocolType = input.text();
      if (version >= 4) input.string(); // state
      const type = version >= 5 ? input.text() : "";
      input.tags();
      return { group, protocolType, type };
    });
    return { errorCode, groups };
  },
};
