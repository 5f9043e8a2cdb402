import type { GroupLine, ShareView, TopicLine } from "../contract.ts";

/** What an offset is to a group. */
export type Stand =
  | { readonly is: "done" | "waits" }
  /** Of a share group: what became of this record alone; how often it was delivered. */
  | { readonly is: "acknowledged" | "archived" | "given back"; readonly deliveries: number };

/** A group beside the others that read the same partition. */
export interface Stripe {
  readonly group: string;
  readonly protocol: GroupLine["protocol"];
  /** Who reads it now; of a share group all that do. */
  readonly readers: readonly string[];
  /** Next offset that is not done with; null where the group has committed nothing. */
  readonly next: number | null;
  readonly lag: number | null;
  readonly stands: readonly Stand[];
}

/** The newest offsets of a partition, and what they are to each group. */
export interface PartitionStripes {
  readonly partition: number;
  readonly offsets: readonly number[];
  readonly stripes: readonly Stripe[];
}

/**
 * Puts the groups that read a topic side by side: for each partition its newest offsets, and where each group stands.
 *
 * @param most Offsets of each partition.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { GroupLine, TopicLine } from "../contract.ts";
 * import { stripesOf } from "./stripes.ts";
 * const line = { topic: "t", begin: [0], end: [3] } as unknown as TopicLine;
 * const lags = [{ topic: "t", partition: 0, committed: 2, end: 3, lag: 1, member: "a" }];
 * const group = { group: "g", protocol: "classic", members: [], lags } as unknown as GroupLine;
 * const [{ offsets, stripes }] = stripesOf(line, [group], [], 2) as [ReturnType<typeof stripesOf>[0]];
 * assert.deepEqual([offsets, stripes[0]?.stands], [[1, 2], [{ is: "done" }, { is: "waits" }]]);
 * ```
 */
export function stripesOf(
  { topic, begin, end }: TopicLine,
  groups: readonly GroupLine[],
  shares: readonly ShareView[],
  most: number,
): readonly PartitionStripes[] {
  const readers = groups.filter(({ lags }) => lags.some((lag) => lag.topic === topic));
  return end.flatMap((last, partition) => {
    if (last === null) return [];
    const first = Math.max(begin[partition] ?? 0, last - most);
    const offsets = Array.from({ length: Math.max(0, last - first) }, (_, at) => first + at);
    const stripes = readers.flatMap(({ group, protocol, members, lags }): Stripe[] => {
      const own = lags.find((lag) => lag.topic === topic && lag.partition === partition);
      if (!own) return [];
      const share = shares.find((one) => one.group === group && one.partition === partition);
      const reading = members.filter(({ partitions }) =>
        partitions.some((one) => one.topic === topic && one.partition === partition)
      ).map(({ member }) => member);
      return [{
        ...{ group, protocol, next: own.committed, lag: own.lag },
        readers: reading,
        stands: offsets.map((offset) => standOf(offset, own.committed ?? 0, share)),
      }];
    });
    return stripes.length === 0 ? [] : [{ partition, offsets, stripes }];
  });
}

function standOf(offset: number, next: number, share: ShareView | undefined): Stand {
  if (offset < next) return { is: "done" };
  const batch = share?.batches.find(({ first, last }) => first <= offset && offset <= last);
  if (!batch) return { is: "waits" };
  const { state, deliveries } = batch;
  if (state !== "available") return { is: state, deliveries };
  return deliveries > 0 ? { is: "given back", deliveries } : { is: "waits" };
}
