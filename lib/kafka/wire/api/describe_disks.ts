import type { Api } from "./api.ts";

/** A folder in which a broker keeps its logs, and the volume that it is on. */
export interface DiskFolder {
  /** On the broker's machine. */
  readonly path: string;
  /** 0, or Kafka's code for what is wrong with it. */
  readonly errorCode: number;
  /** Of its logs, copies for others included. */
  readonly bytes: number;
  /** Of the whole volume. */
  readonly volumeBytes: number;
  /** What is free of the volume. */
  readonly freeBytes: number;
}

/** Asks one broker how full its disks are: Kafka 3.3 or newer. @see KIP-827 */
export const DESCRIBE_DISKS: Api<Record<never, never>, readonly DiskFolder[]> = {
  key: 35,
  name: "DescribeLogDirs",
  versions: [4, 4],
  flexibleFrom: 2,
  encode(out) {
    out.array(null, () => {}); // all topics
    out.tags();
  },
  decode(input) {
    input.int32(); // throttle time
    input.int16(); // of the whole request: then there are no folders
    return input.array((): DiskFolder => {
      const errorCode = input.int16(), path = input.text();
      const sizes = input.topics(() => {
        input.int32(); // partition
        const bytes = input.int64();
        input.int64(); // how far it is behind
        input.bool(); // whether it is only moving in
        return bytes;
      });
      const volumeBytes = input.int64(), freeBytes = input.int64();
      input.tags();
      const bytes = sizes.reduce((sum, one) => sum + one, 0);
      return { path, errorCode, bytes, volumeBytes, freeBytes };
    });
  },
};
