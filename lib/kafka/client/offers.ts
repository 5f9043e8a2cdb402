import { type Api, commonVersion } from "../transport/negotiate.ts";
import type { Kafka } from "./connect.ts";

/** What a cluster speaks, and what it cannot do. */
export interface ClusterOffers {
  /** The newest Kafka whose protocol it speaks, such as `3.9`; Kafka does not tell its version. */
  readonly protocol: string;
  /** What does not work with it, one clause each; everything else does. */
  readonly lacks: readonly string[];
  /** Whether what it lacks leaves nothing of use: it cannot be written, or not read, or has no groups. */
  readonly unusable: boolean;
}

/** Versions of requests as brokers offer them, by Kafka's number for the request. */
export type OfferedVersions = Readonly<
  Record<number, { readonly minVersion: number; readonly maxVersion: number }>
>;

/** Releases by the first version of a request that came with them; the newest first. */
const RELEASES: readonly (readonly [release: string, key: number, version: number])[] = [
  ["4.1", 1, 18],
  ["4.0", 0, 12],
  ["3.9", 1, 17],
  ["3.7", 1, 16],
  ["3.5", 1, 15],
  ["3.1", 1, 13],
  ["2.8", 3, 11],
  ["2.7", 1, 12],
];

type Need = readonly [lack: string, ...needs: readonly Api[]];

/** Without them nothing works. */
const MUST: readonly Need[] = [
  ["it cannot be written to", api(0, "Produce", 3)],
  ["it cannot be read", api(1, "Fetch", 4)],
  ["no groups: consumers and workers do not run", api(10, "FindCoordinator"), api(11, "JoinGroup")],
];

const NEEDS: readonly Need[] = [
  ["no topics can be made", api(19, "CreateTopics", 1)],
  ["no idempotent producers: only acks 0 and 1 write", api(22, "InitProducerId")],
  [
    "no transactions: workers run at least once, not exactly once",
    api(24, "AddPartitionsToTxn"),
    api(25, "AddOffsetsToTxn"),
    api(26, "EndTxn"),
    api(28, "TxnOffsetCommit", 3),
  ],
  ["records cannot be deleted: repartition topics grow", api(21, "DeleteRecords")],
  ["groups cannot be deleted or reset", api(42, "DeleteGroups")],
  [
    "no topic ids: a topic that is made again under a reader is noticed only when it is shorter",
    api(1, "Fetch", 13),
    api(3, "Metadata", 10),
  ],
  ["sizes on disk are not told", api(35, "DescribeLogDirs")],
];

function api(key: number, name: string, min = 0): Api {
  return { key, name, versions: [min, 999] };
}

/** Asks a cluster what it offers. */
export async function clusterOffers(kafka: Kafka): Promise<ClusterOffers> {
  return await kafka.askController(
    "ask what the cluster offers",
    (controller) => Promise.resolve(readOffers(controller.versions)),
  );
}

/**
 * Reads what a broker offers.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readOffers } from "./offers.ts";
 * const nothing = readOffers({});
 * assert.equal(nothing.protocol, "before 2.7");
 * assert.equal(nothing.lacks[0], "it cannot be written to");
 * assert.equal(nothing.unusable, true);
 * ```
 */
export function readOffers(versions: OfferedVersions): ClusterOffers {
  const release = RELEASES.find(([, key, version]) => (versions[key]?.maxVersion ?? -1) >= version);
  const lacksOf = (needs: readonly Need[]) =>
    needs.filter(([, ...apis]) =>
      apis.some((one) => commonVersion({ versions }, one) === undefined)
    ).map(([lack]) => lack);
  const missing = lacksOf(MUST);
  return {
    protocol: release?.[0] ?? "before 2.7",
    lacks: [...missing, ...lacksOf(NEEDS)],
    unusable: missing.length > 0,
  };
}
