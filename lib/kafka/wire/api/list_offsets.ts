import type { TopicPartition } from "../../../serde/mod.ts";
import type { Api } from "./api.ts";

/** In place of a time: the next offset to be written, and the first that is still there. */
export const LATEST = -1, EARLIEST = -2;

/** Asks for the first offset at or after a time, or for an end of the log. */
export interface ListOffsetsRequest {
  /** Also of open transactions: without, the latest offset is that of the first open one. */
  readonly readUncommitted: boolean;
  readonly partitions: readonly (TopicPartition & {
    /** Epoch ms, {@link LATEST} or {@link EARLIEST}. */
    readonly timestamp: number;
  })[];
}

/** @see The protocol guide, ListOffsets */
export const LIST_OFFSETS: Api<
  ListOffsetsRequest,
  readonly (TopicPartition & { readonly errorCode: number; readonly offset: number })[]
> = {
  key: 2,
  name: "ListOffsets",
  versions: [1, 3],
  encode(out, { readUncommitted, partitions }, version) {
    out.int32(-1); // no replica
    if (version >= 2) out.int8(readUncommitted ? 0 : 1);
    out.topics(partitions, ({ partition, timestamp }) => {
      out.int32(partition);
      out.int64(timestamp);
    });
  },
  decode(input, version) {
    if (version >= 2) input.int32(); // throttle time
    return input.topics((topic) => {
      const partition = input.int32(), errorCode = input.int16();
      input.int64(); // time of the record
      return { topic, partition, errorCode, offset: input.int64() };
    });
  },
};
