import type { MemberAssignment } from "./kafka_views.ts";

/** One partition in the hands of one member for a while. */
export interface OwnedSpan {
  /** `topic-partition`, such as `demo_1-0`. */
  readonly partition: string;
  /** Readable name of the owner. */
  readonly member: string;
  /** Unix epoch ms. */
  readonly from: number;
  /** Unix epoch ms, not included. */
  readonly to: number;
}

/** Who owned what, when: the bars of a timeline. */
export interface Ownership {
  /** `fromMs`, or the time of the first assignment; Unix epoch ms. */
  readonly from: number;
  /** `untilMs`, Unix epoch ms. */
  readonly to: number;
  /** Every member that was ever in the group, idle ones too, sorted by name. */
  readonly members: readonly string[];
  /** `topic-partition`, sorted. */
  readonly partitions: readonly string[];
  /** Sorted by start. */
  readonly spans: readonly OwnedSpan[];
}

/**
 * Turns the assignments that members saw into spans of ownership.
 *
 * A span ends when its member is assigned something else, when another member is assigned the partition, or at
 * `untilMs`. A member that left without a successor therefore seems to own until the end. With what a consumer tells its
 * `onRevocation` in the history, too, there is a gap wherever nobody read a partition.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { ownership } from "./ownership.ts";
 * const seen = (member: string, atMs: number, ...numbers: number[]) => ({
 *   member, memberId: member, group: "g", generation: null, atMs,
 *   partitions: numbers.map((partition) => ({ topic: "t", partition })),
 * });
 * const { spans } = ownership([seen("a", 0, 0, 1), seen("a", 5, 0), seen("b", 5, 1)], { untilMs: 9 });
 * assert.deepEqual(spans.map((s) => [s.partition, s.member, s.from, s.to]), [
 *   ["t-0", "a", 0, 9], ["t-1", "a", 0, 5], ["t-1", "b", 5, 9],
 * ]);
 * ```
 * @param history Assignments of any number of members, in any order.
 */
export function ownership(
  history: readonly MemberAssignment[],
  options: {
    readonly untilMs: number;
    /** Leaves out what was over by then. @default the time of the first assignment */
    readonly fromMs?: number;
  },
): Ownership {
  const spans: OwnedSpan[] = [], { fromMs = -Infinity } = options;
  const open = new Map<string, { member: string; from: number }>();
  const close = (partition: string, to: number) => {
    const span = open.get(partition);
    const from = Math.max(fromMs, span?.from ?? to);
    if (span !== undefined && from < to) spans.push({ partition, ...span, from, to });
    open.delete(partition);
  };
  const seen = history.toSorted((a, b) => a.atMs - b.atMs);
  for (const { member, atMs, partitions } of seen) {
    const now = partitions.map(({ topic, partition }) => `${topic}-${partition}`);
    for (const [partition, span] of [...open]) {
      if (span.member === member && !now.includes(partition)) close(partition, atMs);
    }
    for (const partition of now) {
      if (open.get(partition)?.member === member) continue;
      close(partition, atMs);
      open.set(partition, { member, from: atMs });
    }
  }
  for (const partition of [...open.keys()]) close(partition, options.untilMs);
  const named = (values: readonly string[]) =>
    [...new Set(values)].sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
  return {
    from: options.fromMs ?? seen[0]?.atMs ?? options.untilMs,
    to: options.untilMs,
    members: named(seen.map(({ member }) => member)),
    partitions: named(spans.map(({ partition }) => partition)),
    spans: spans.sort((a, b) => a.from - b.from || (a.partition < b.partition ? -1 : 1)),
  };
}
