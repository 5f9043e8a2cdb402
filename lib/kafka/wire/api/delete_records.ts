import type { TopicPartition } from "../../../serde/mod.ts";
import type { Api } from "./api.ts";

const TIMEOUT_MS = 10_000;

/** Asks a leader to forget the records before an offset. @see KIP-107 */
export const DELETE_RECORDS: Api<
  { readonly before: readonly (TopicPartition & { readonly offset: number })[] },
  readonly (TopicPartition & { readonly errorCode: number })[]
> = {
  key: 21,
  name: "DeleteRecords",
  versions: [0, 1],
  encode(out, { before }) {
    out.topics(before, ({ partition, offset }) => {
      out.int32(partition);
      out.int64(offset);
    });
    out.int32(TIMEOUT_MS);
  },
  decode(input) {
    input.int32(); // throttle time
    return input.topics((topic) => {
      const partition = input.int32();
      input.int64(); // where the log begins now
      return { topic, partition, errorCode: input.int16() };
    });
  },
};
