import type { GroupLine } from "./snapshot.ts";

/** Lag of one partition over time. */
export interface LagSample {
  readonly atMs: number;
  /** By `topic-partition`. */
  readonly lags: Readonly<Record<string, number>>;
}

/** A partition in one member's hands for a while. */
export interface Holding {
  readonly partition: string;
  readonly member: string;
  readonly from: number;
  /** When it was last seen there. */
  readonly to: number;
}

/** What is remembered of one group. */
export interface GroupHistory {
  readonly samples: readonly LagSample[];
  readonly holdings: readonly Holding[];
}

const SAMPLES = 300, HOLDINGS = 200, GROUPS = 200;

/**
 * Remembers five minutes of each group: its lag, and who owned what when.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { History } from "./history.ts";
 * const history = new History();
 * const partitions = [{ topic: "demo_1", partition: 0 }];
 * const lags = [{ topic: "demo_1", partition: 0, committed: 1, end: 3, lag: 2, member: "a" }];
 * const member = { member: "a", memberId: "a-1", group: "g", generation: null, atMs: 0, partitions };
 * history.add([{ group: "g", state: "Stable", members: [member], lag: 2, lags }], 1_000);
 * assert.deepEqual(history.of("g").holdings, [{ partition: "demo_1-0", member: "a", from: 1_000, to: 1_000 }]);
 * ```
 */
export class History {
  readonly #groups = new Map<string, { samples: LagSample[]; holdings: Holding[] }>();

  /** Takes the groups as they are at one moment. */
  add(groups: readonly GroupLine[], atMs: number): void {
    for (const { group, lags, members } of groups) {
      const known = this.#groups.get(group) ?? { samples: [], holdings: [] };
      this.#groups.set(group, known);
      known.samples.push({
        atMs,
        lags: Object.fromEntries(
          lags.map(({ topic, partition, lag }) => [`${topic}-${partition}`, lag]),
        ),
      });
      if (known.samples.length > SAMPLES) known.samples.shift();
      const before = known.samples.at(-2)?.atMs;
      for (const { member, partitions } of members) {
        for (const { topic, partition } of partitions) {
          const name = `${topic}-${partition}`;
          const at = known.holdings.findLastIndex((one) => one.partition === name);
          const last = known.holdings[at];
          const goesOn = last?.member === member && last.to === before;
          if (goesOn) known.holdings[at] = { ...last, to: atMs };
          else known.holdings.push({ partition: name, member, from: atMs, to: atMs });
        }
      }
      if (known.holdings.length > HOLDINGS) known.holdings.shift();
    }
    for (const name of [...this.#groups.keys()].slice(0, -GROUPS)) this.#groups.delete(name);
  }

  /** What is remembered of a group; nothing when it is not known. */
  of(group: string): GroupHistory {
    return this.#groups.get(group) ?? { samples: [], holdings: [] };
  }
}
