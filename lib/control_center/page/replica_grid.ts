import type { Snapshot } from "../contract.ts";

/** What a broker is to a partition; undefined where it has no copy. */
export type Role = "leads" | "in sync" | "behind" | "away" | undefined;

/** A partition, and what each broker is to it. */
export interface GridRow {
  readonly topic: string;
  readonly partition: number;
  /** In the order of the grid's brokers. */
  readonly roles: readonly Role[];
  /** Led by another broker than the first of its copies, to which Kafka gives the lead back. */
  readonly isMoved: boolean;
}

/** The grid, its brokers in order; those that are gone included. */
export interface ReplicaGrid {
  readonly brokers: readonly number[];
  readonly rows: readonly GridRow[];
  /** Partitions that are left out. */
  readonly others: number;
}

const MOST = 40;

/**
 * Which broker leads which partition, and whose copy is complete: what is not well comes first.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { Snapshot } from "../contract.ts";
 * import { replicaGrid } from "./replica_grid.ts";
 * const topic = { topic: "t", internal: false, leaders: [2], copies: [[1, 2]], inSync: [[2]] };
 * const now = { brokers: [{ broker: 2 }], lost: [1], topics: [topic] } as unknown as Snapshot;
 * assert.deepEqual(replicaGrid(now).rows, [
 *   { topic: "t", partition: 0, roles: ["away", "leads"], isMoved: true },
 * ]);
 * ```
 */
export function replicaGrid({ brokers, lost, topics }: Snapshot): ReplicaGrid {
  const there = brokers.map(({ broker }) => broker);
  const all = [...new Set([...there, ...lost])].sort((a, b) => a - b);
  const rows = topics.filter(({ internal }) => !internal).flatMap((topic) =>
    topic.copies.map((copies, partition): GridRow => {
      const leader = topic.leaders[partition]!, inSync = topic.inSync[partition]!;
      const roles = all.map((broker): Role => {
        if (!copies.includes(broker)) return undefined;
        if (!there.includes(broker)) return "away";
        return broker === leader ? "leads" : inSync.includes(broker) ? "in sync" : "behind";
      });
      return { topic: topic.topic, partition, roles, isMoved: leader !== copies[0] };
    })
  );
  const trouble = ({ roles, isMoved }: GridRow) =>
    (roles.includes("leads") ? 0 : 4) +
    (roles.includes("away") || roles.includes("behind") ? 2 : 0) +
    (isMoved ? 1 : 0);
  const worst = rows.toSorted((a, b) => trouble(b) - trouble(a));
  return { brokers: all, rows: worst.slice(0, MOST), others: Math.max(0, rows.length - MOST) };
}
