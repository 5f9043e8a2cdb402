import type { TopicPartition } from "../../../serde/mod.ts";
import type { Api } from "./api.ts";

/** A copy of a partition on a broker's disk. */
export interface StoredCopy extends TopicPartition {
  /** Broker that has it. */
  readonly broker: number;
  /** Size of its segments, as they lie there: compressed, and with what compaction has not taken yet. */
  readonly bytes: number;
}

/** Asks one broker what lies on its disks; a disk that failed is left out. @see The protocol guide, DescribeLogDirs */
export const DESCRIBE_LOG_DIRS: Api<
  Record<never, never>,
  readonly Omit<StoredCopy, "broker">[]
> = {
  key: 35,
  name: "DescribeLogDirs",
  versions: [1, 1],
  encode(out) {
    out.array(null, () => {}); // all topics
  },
  decode(input) {
    input.int32(); // throttle time
    return input.array(() => {
      const isHealthy = input.int16() === 0;
      input.string(); // the folder
      const copies = input.topics((topic) => {
        const copy = { topic, partition: input.int32(), bytes: input.int64() };
        input.int64(); // how far it is behind
        input.bool(); // whether it is only moving in
        return copy;
      });
      return isHealthy ? copies : [];
    }).flat();
  },
};
