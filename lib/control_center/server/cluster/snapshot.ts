import type { Lag, MemberAssignment } from "../../../views/mod.ts";
import {
  lagOf,
  type Overlook,
  type StoredCopy,
  type TopicOverview,
} from "../../../kafka/engine.ts";
import { type BrokerDescription, type Kafka } from "../../../kafka/mod.ts";

/** A topic as a line of the list. */
export interface TopicLine {
  readonly topic: string;
  readonly records: number;
  /** Of one copy, on disk; null while that is not known. */
  readonly bytes: number | null;
  /** Copies of each partition. */
  readonly replicas: number;
  /** Partitions with a copy that is behind, or without a leader. */
  readonly weak: number;
  /** Made by Kafka or by a streams app for itself. */
  readonly internal: boolean;
  /** By partition; null while its leader is away. */
  readonly begin: readonly (number | null)[];
  readonly end: readonly (number | null)[];
  /** Broker of each partition; -1 while there is none. */
  readonly leaders: readonly number[];
  /** Brokers whose copy of each partition is behind, or away. */
  readonly behind: readonly (readonly number[])[];
}

/** A broker, and how much it keeps. */
export interface BrokerLine extends BrokerDescription {
  /** On its disks, copies for others included; null while that is not known. */
  readonly bytes: number | null;
}

/** A group with its members and how far it is behind. */
export interface GroupLine {
  readonly group: string;
  readonly state: string;
  readonly members: readonly MemberAssignment[];
  readonly lag: number;
  readonly lags: readonly Lag[];
}

/** The cluster at one moment. */
export interface ClusterState {
  readonly brokers: readonly BrokerLine[];
  readonly topics: readonly TopicLine[];
  readonly groups: readonly GroupLine[];
}

/** Asks for everything that the lists show; reads committed offsets before end offsets, so lag is never negative. */
export async function clusterState(
  kafka: Kafka,
  { overlook, stored }: { readonly overlook: Overlook; readonly stored: readonly StoredCopy[] },
): Promise<ClusterState> {
  const brokers = await kafka.brokers();
  const names = (await kafka.groups.list()).filter((name) => !name.startsWith("__"));
  const read = await Promise.all(names.map(async (group) => ({
    described: await kafka.groups.describe(group),
    committed: await kafka.groups.offsets(group),
  })));
  const topics = await overlook.topics();
  const groups = read.filter(({ described }) => described.state !== "Dead")
    .map(({ described: { group, state, members }, committed }): GroupLine => {
      const owned = members.flatMap(({ partitions }) => partitions);
      const read = new Set([...committed, ...owned].map(({ topic }) => topic));
      const edges = (edge: "begin" | "end") =>
        topics.filter(({ topic }) => read.has(topic)).flatMap(({ topic, partitions }) =>
          partitions.map((one) => ({ topic, partition: one.partition, offset: one[edge] ?? 0 }))
        );
      const lags = lagOf({ committed, begin: edges("begin"), end: edges("end"), members });
      return { group, state, members, lags, lag: lags.reduce((sum, { lag }) => sum + lag, 0) };
    });
  const byTopic = Map.groupBy(stored, ({ topic }) => topic);
  const byBroker = Map.groupBy(stored, ({ broker }) => broker);
  return {
    brokers: brokers.map((one) => {
      const copies = byBroker.get(one.broker);
      return { ...one, bytes: copies ? sum(copies) : null };
    }),
    groups,
    topics: topics.map((one) => topicLine(one, byTopic.get(one.topic))),
  };
}

/**
 * What the list of topics shows of one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { topicLine } from "./snapshot.ts";
 * const partition = { partition: 0, leader: 1, replicas: [1, 2], inSync: [1], begin: 3, end: 10 };
 * const copies = [1, 2].map((broker) => ({ topic: "demo_1", partition: 0, broker, bytes: broker * 100 }));
 * const line = topicLine({ topic: "demo_1", partitions: [partition] }, copies);
 * assert.deepEqual([line.records, line.bytes, line.replicas, line.weak], [7, 200, 2, 1]);
 * assert.deepEqual(line.behind, [[2]]);
 * ```
 * @param copies What is known of it on disks.
 */
export function topicLine(
  { topic, partitions }: TopicOverview,
  copies?: readonly StoredCopy[],
): TopicLine {
  return {
    topic,
    records: partitions.reduce((sum, { begin, end }) => sum + (end ?? 0) - (begin ?? 0), 0),
    bytes: copies ? oneCopy(copies) : null,
    replicas: Math.max(0, ...partitions.map(({ replicas }) => replicas.length)),
    weak: partitions.filter((one) => one.leader < 0 || one.inSync.length < one.replicas.length)
      .length,
    internal: isInternal(topic),
    begin: partitions.map(({ begin }) => begin),
    end: partitions.map(({ end }) => end),
    leaders: partitions.map(({ leader }) => leader),
    behind: partitions.map(({ replicas, inSync }) => replicas.filter((it) => !inSync.includes(it))),
  };
}

const sum = (copies: readonly StoredCopy[]) => copies.reduce((all, { bytes }) => all + bytes, 0);

/** The largest copy of each partition: the others are behind, or cut into segments elsewhere. */
function oneCopy(copies: readonly StoredCopy[]): number {
  const largest = new Map<number, number>();
  for (const { partition, bytes } of copies) {
    largest.set(partition, Math.max(bytes, largest.get(partition) ?? 0));
  }
  return largest.values().reduce((all, bytes) => all + bytes, 0);
}

/** Whether Kafka, the registry or a streams app made a topic for itself. */
export function isInternal(topic: string): boolean {
  return topic.startsWith("__") || /-(changelog|repartition|status)$/.test(topic);
}
