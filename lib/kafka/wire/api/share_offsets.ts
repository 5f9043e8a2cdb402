import { byTopicAndPartition } from "../../../serde/mod.ts";
import type { Api } from "./api.ts";

/** How far a share group is in one partition. */
export interface ShareOffset {
  /** Its name. */
  readonly topic: string;
  /** Its number, from 0. */
  readonly partition: number;
  /** Everything before it was acknowledged, or given up; of what comes after it, some may be, too. */
  readonly offset: number;
  /** Records that are still to be acknowledged; null where the broker does not tell (before Kafka 4.2). */
  readonly lag: number | null;
}

/**
 * Asks a share group's coordinator how far it is, in the partitions that it has begun to read: Kafka keeps that apart
 * from the committed offsets of other groups. Version 1 tells the lag.
 *
 * @see KIP-932, KIP-1226
 */
export const SHARE_OFFSETS: Api<
  { readonly group: string },
  { readonly errorCode: number; readonly offsets: readonly ShareOffset[] }
> = {
  key: 90,
  name: "DescribeShareGroupOffsets",
  versions: [0, 1],
  flexibleFrom: 0,
  encode(out, { group }) {
    out.array([group], (name) => {
      out.string(name);
      out.array(null, () => {}); // all topics
      out.tags();
    });
    out.tags();
  },
  decode(input, version) {
    input.int32(); // throttle time
    const groups = input.array(() => {
      input.string(); // the group
      const offsets = input.array(() => {
        const topic = input.text();
        input.raw(16); // its id
        const its = input.array(() => {
          const partition = input.int32(), offset = input.int64();
          input.int32(); // epoch of the leader
          const lag = version >= 1 ? input.int64() : -1, errorCode = input.int16();
          input.string(); // what is wrong
          input.tags();
          const isBegun = errorCode === 0 && offset >= 0;
          return isBegun ? [{ topic, partition, offset, lag: lag < 0 ? null : lag }] : [];
        });
        input.tags();
        return its.flat();
      });
      const errorCode = input.int16();
      input.string(); // what is wrong
      input.tags();
      return { errorCode, offsets: offsets.flat().sort(byTopicAndPartition) };
    });
    return groups[0] ?? { errorCode: 0, offsets: [] };
  },
};
