import type { CommittedOffset } from "./offset_fetch.ts";
import type { OffsetCommitResponse } from "./offset_commit.ts";
import type { GroupIdentity } from "./heartbeat.ts";
import type { Api } from "./api.ts";

/** Makes offsets part of a transaction; a member of an older generation is refused (KIP-447). */
export interface TxnOffsetCommitRequest extends GroupIdentity {
  readonly transactionalId: string;
  readonly producerId: bigint;
  readonly producerEpoch: number;
  readonly offsets: readonly CommittedOffset[];
}

/** Versions before 3 name no generation: a member that was given up could commit. @see The protocol guide */
export const TXN_OFFSET_COMMIT: Api<TxnOffsetCommitRequest, OffsetCommitResponse> = {
  key: 28,
  name: "TxnOffsetCommit",
  versions: [3, 3],
  flexibleFrom: 3,
  encode(out, request) {
    out.string(request.transactionalId);
    out.string(request.group);
    out.int64(request.producerId);
    out.int16(request.producerEpoch);
    out.int32(request.generation);
    out.string(request.memberId);
    out.string(request.instanceId ?? null);
    out.topics(request.offsets, ({ partition, offset, metadata }) => {
      out.int32(partition);
      out.int64(offset);
      out.int32(-1); // leader epoch
      out.string(metadata ?? null);
    });
    out.tags();
  },
  decode(input) {
    input.int32(); // throttle time
    return input.topics((topic) => ({
      topic,
      partition: input.int32(),
      errorCode: input.int16(),
    }));
  },
};
