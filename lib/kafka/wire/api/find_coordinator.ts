import type { Api } from "./api.ts";

/** Asks which broker keeps a group or a transactional id. */
export interface FindCoordinatorRequest {
  readonly key: string;
  readonly kind: "group" | "transaction";
}

/** The broker; −1 where there is an error. */
export interface FindCoordinatorResponse {
  readonly errorCode: number;
  readonly nodeId: number;
}

/** @see The protocol guide, FindCoordinator */
export const FIND_COORDINATOR: Api<FindCoordinatorRequest, FindCoordinatorResponse> = {
  key: 10,
  name: "FindCoordinator",
  versions: [1, 3],
  flexibleFrom: 3,
  encode(out, { key, kind }) {
    out.string(key);
    out.int8(kind === "group" ? 0 : 1);
    out.tags();
  },
  decode(input) {
    input.int32(); // throttle time
    const errorCode = input.int16();
    input.string(); // the error in words
    return { errorCode, nodeId: input.int32() };
  },
};
