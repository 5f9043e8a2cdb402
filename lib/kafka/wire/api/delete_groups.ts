import type { Api } from "./api.ts";

/** Forgets groups, and what they have committed; refused while they have members. @see The protocol guide, DeleteGroups */
export const DELETE_GROUPS: Api<
  { readonly groups: readonly string[] },
  readonly { readonly group: string; readonly errorCode: number }[]
> = {
  key: 42,
  name: "DeleteGroups",
  versions: [0, 1],
  encode: (out, { groups }) => out.array(groups, (group) => out.string(group)),
  decode(input) {
    input.int32(); // throttle time
    return input.array(() => ({ group: input.text(), errorCode: input.int16() }));
  },
};
