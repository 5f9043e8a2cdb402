import type { TopicPartition } from "../../lib/serde/mod.ts";
import { type MemberAssignment, type Ownership, ownership } from "../../lib/views/mod.ts";

/** What the members of one group told of themselves. */
export class Recorded {
  readonly #told: MemberAssignment[] = [];

  /** A member was assigned these, or keeps only these. */
  readonly add = (assignment: MemberAssignment): void => void this.#told.push(assignment);

  /** A member left: it has nothing any more. */
  left(member: string): void {
    const before = this.#told.findLast((one) => one.member === member)!;
    this.add({ ...before, atMs: Date.now(), partitions: [] });
  }

  /** Who owned what from a moment on, and until now. */
  since(fromMs: number): Ownership {
    const all = ownership(this.#told, { untilMs: Date.now() });
    const spans = all.spans.filter(({ to }) => to > fromMs)
      .map((span) => ({ ...span, from: Math.max(span.from, fromMs) }));
    return { ...all, from: fromMs, spans };
  }
}

/** A partition that nobody read for a while. */
export interface Pause {
  readonly partition: string;
  readonly ms: number;
}

/**
 * The times between two owners of a partition.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pauses } from "./recorded.ts";
 * const span = (member: string, from: number, to: number) => ({ partition: "t-0", member, from, to });
 * const owned = { from: 0, to: 9, members: ["a", "b"], partitions: ["t-0"], spans: [span("b", 7, 9), span("a", 0, 4)] };
 * assert.deepEqual(pauses(owned), [{ partition: "t-0", ms: 3 }]);
 * ```
 */
export function pauses({ spans }: Ownership): Pause[] {
  return [...Map.groupBy(spans, ({ partition }) => partition)].flatMap(([partition, its]) => {
    const inOrder = its.toSorted((a, b) => a.from - b.from);
    return inOrder.slice(1).map(({ from }, i) => ({ partition, ms: from - inOrder[i]!.to }))
      .filter(({ ms }) => ms > 0);
  });
}

/** `topic-0`, `topic-1`, … */
export function partitionNames(topic: string, count: number): string[] {
  return Array.from({ length: count }, (_, partition) => `${topic}-${partition}`);
}

/** How many partitions the members of a group own together. */
export function ownedBy(members: readonly { readonly partitions: readonly TopicPartition[] }[]) {
  return members.reduce((sum, { partitions }) => sum + partitions.length, 0);
}
