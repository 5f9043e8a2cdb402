import type { TopicPartition } from "../../../serde/mod.ts";
import type { Api } from "./api.ts";

/** Where a group goes on in a partition. */
export interface CommittedOffset extends TopicPartition {
  /** The next offset to read. */
  readonly offset: number;
  /** Text kept beside it. */
  readonly metadata?: string;
}

/** Asks where a group goes on. */
export interface OffsetFetchRequest {
  readonly group: string;
  /** Null for all in which there is an offset. */
  readonly partitions: readonly TopicPartition[] | null;
  /**
   * Refused, with UNSTABLE_OFFSET_COMMIT, while a transaction that would change them is open (KIP-447). Brokers before
   * Kafka 2.5 cannot be asked for that, nor do they know the transactions for which it matters.
   */
  readonly stable: boolean;
}

/** Offsets that are committed, and the errors of the others. */
export interface OffsetFetchResponse {
  readonly errorCode: number;
  readonly partitions: readonly (CommittedOffset & { readonly errorCode: number })[];
}

/** @see The protocol guide, OffsetFetch */
export const OFFSET_FETCH: Api<OffsetFetchRequest, OffsetFetchResponse> = {
  key: 9,
  name: "OffsetFetch",
  versions: [2, 7],
  flexibleFrom: 6,
  encode(out, { group, partitions, stable }, version) {
    out.string(group);
    // Numbers alone have no tagged fields.
    const topics = partitions && [...Map.groupBy(partitions, ({ topic }) => topic)];
    out.array(topics, ([topic, found]) => {
      out.string(topic);
      out.array(found, ({ partition }) => out.int32(partition));
      out.tags();
    });
    if (version >= 7) out.bool(stable);
    out.tags();
  },
  decode(input, version) {
    if (version >= 3) input.int32(); // throttle time
    const partitions = input.topics((topic) => {
      const partition = input.int32(), offset = input.int64();
      if (version >= 5) input.int32(); // leader epoch
      const metadata = input.string(), errorCode = input.int16();
      return { topic, partition, offset, ...(metadata ? { metadata } : {}), errorCode };
    });
    return { errorCode: input.int16(), partitions };
  },
};
