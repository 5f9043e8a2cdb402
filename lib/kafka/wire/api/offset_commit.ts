import type { TopicPartition } from "../../../serde/mod.ts";
import type { Api } from "./api.ts";
import type { GroupIdentity } from "./heartbeat.ts";
import type { CommittedOffset } from "./offset_fetch.ts";

/** Keeps how far a group has come. */
export interface OffsetCommitRequest extends GroupIdentity {
  readonly offsets: readonly CommittedOffset[];
}

/** Whether each partition's offset was kept. */
export type OffsetCommitResponse = readonly (TopicPartition & { readonly errorCode: number })[];

/** Version 9 is the first that takes an epoch for a generation (KIP-848). @see The protocol guide, OffsetCommit */
export const OFFSET_COMMIT: Api<OffsetCommitRequest, OffsetCommitResponse> = {
  key: 8,
  name: "OffsetCommit",
  versions: [2, 9],
  flexibleFrom: 8,
  encode(out, request, version) {
    out.string(request.group);
    out.int32(request.generation);
    out.string(request.memberId);
    if (version >= 7) out.string(request.instanceId ?? null);
    if (version <= 4) out.int64(-1); // kept for as long as the broker keeps offsets
    out.topics(request.offsets, ({ partition, offset, metadata }) => {
      out.int32(partition);
      out.int64(offset);
      if (version >= 6) out.int32(-1); // leader epoch
      out.string(metadata ?? null);
    });
    out.tags();
  },
  decode(input, version) {
    if (version >= 3) input.int32(); // throttle time
    return input.topics((topic) => ({
      topic,
      partition: input.int32(),
      errorCode: input.int16(),
    }));
  },
};
