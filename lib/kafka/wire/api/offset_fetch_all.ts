import type { TopicPartition } from "../../../serde/mod.ts";
import type { Api } from "./api.ts";

/** Everything that a group has committed. */
export interface GroupOffsets {
  readonly group: string;
  /** 0, or Kafka's code for why it is not told. */
  readonly errorCode: number;
  readonly offsets: readonly (TopicPartition & { readonly offset: number })[];
}

/**
 * Asks a coordinator for all offsets of several groups at once: Kafka 3.0 or newer.
 *
 * @see KIP-709; the protocol guide, OffsetFetch
 */
export const OFFSET_FETCH_ALL: Api<
  { readonly groups: readonly string[] },
  readonly GroupOffsets[]
> = {
  key: 9,
  name: "OffsetFetch",
  versions: [8, 9],
  flexibleFrom: 6,
  encode(out, { groups }, version) {
    out.array(groups, (group) => {
      out.string(group);
      if (version >= 9) {
        out.string(null); // as nobody in particular
        out.int32(-1);
      }
      out.array(null, () => {}); // all topics
      out.tags();
    });
    out.bool(false); // also offsets that an open transaction may change
    out.tags();
  },
  decode(input) {
    input.int32(); // throttle time
    return input.array((): GroupOffsets => {
      const group = input.text();
      const offsets = input.topics((topic) => {
        const partition = input.int32(), offset = input.int64();
        input.int32(); // leader epoch
        input.string(); // metadata
        input.int16(); // of one partition; it has no offset then
        return { topic, partition, offset };
      });
      const errorCode = input.int16();
      input.tags();
      return { group, errorCode, offsets: offsets.filter(({ offset }) => offset >= 0) };
    });
  },
};
