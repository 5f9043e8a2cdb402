import type { TopicPartition } from "../../../serde/mod.ts";
import type { Api } from "./api.ts";

/** Forgets the committed offsets of a group; refused while a member reads the topic. @see KIP-496 */
export const OFFSET_DELETE: Api<
  { readonly group: string; readonly partitions: readonly TopicPartition[] },
  {
    readonly errorCode: number;
    readonly partitions: readonly (TopicPartition & { readonly errorCode: number })[];
  }
> = {
  key: 47,
  name: "OffsetDelete",
  versions: [0, 0],
  encode(out, { group, partitions }) {
    out.string(group);
    out.topics(partitions, ({ partition }) => out.int32(partition));
  },
  decode(input) {
    const errorCode = input.int16();
    input.int32(); // throttle time
    const partitions = input.topics((topic) => ({
      topic,
      partition: input.int32(),
      errorCode: input.int16(),
    }));
    return { errorCode, partitions };
  },
};
