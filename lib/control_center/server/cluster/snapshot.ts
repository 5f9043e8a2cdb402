import type { Kafka } from "../../../kafka/mod.ts";
import {
  type GroupOverview,
  lagOf,
  type Overlook,
  type StoredCopy,
  type TopicOverview,
} from "../../../kafka/engine.ts";
import { topicPartitionKey } from "../../../serde/mod.ts";
import type { ClusterState, GroupLine, LagLine, TopicLine } from "../../contract.ts";

/** What {@link clusterState} needs besides the connection. */
export interface LookOptions {
  readonly overlook: Overlook;
  readonly stored: readonly StoredCopy[];
  /** Names of streams applications: topics of theirs are internal. */
  readonly apps?: readonly string[];
  /** What was known before: a group whose broker is away, or has just got it, is not gone. */
  readonly before?: Pick<ClusterState, "groups" | "topics">;
}

/** Asks for everything that the lists show; reads committed offsets before end offsets, so lag is never negative. */
export async function clusterState(
  kafka: Kafka,
  { overlook, stored, apps = [], before = { groups: [], topics: [] } }: LookOptions,
): Promise<ClusterState> {
  const brokers = await kafka.brokers();
  const controller = await overlook.controller();
  const found = await overlook.groups(brokers.map(({ broker }) => broker));
  const read = found.filter(({ group }) => !group.startsWith("__"));
  const topics = await overlook.topics();
  const heard = read.map((one) => groupLine(one, topics));
  const groups = [...heard, ...unheard(before, heard, topics)]
    .sort((a, b) => a.group < b.group ? -1 : 1);
  const byTopic = Map.groupBy(stored, ({ topic }) => topic);
  const byBroker = Map.groupBy(stored, ({ broker }) => broker);
  const owners = new Set([...read.map(({ group }) => group), ...apps]);
  return {
    brokers: brokers.map(({ broker, address }) => {
      const copies = byBroker.get(broker);
      return { broker, address, bytes: copies ? sum(copies) : null };
    }),
    controller,
    groups,
    topics: topics.map((one) => topicLine(one, { copies: byTopic.get(one.topic), owners })),
  };
}

/** Kafka keeps each group in the partition of this topic that its name's hash gives. */
const OFFSETS_TOPIC = "__consumer_offsets";

/** Groups that nobody can be asked about: what keeps them has no leader now, or one that has not read them yet. */
function unheard(
  before: NonNullable<LookOptions["before"]>,
  heard: readonly GroupLine[],
  topics: readonly TopicOverview[],
): readonly GroupLine[] {
  const { partitions = [] } = topics.find(({ topic }) => topic === OFFSETS_TOPIC) ?? {};
  const there = new Set(heard.map(({ group }) => group));
  const { leaders = [] } = before.topics.find(({ topic }) => topic === OFFSETS_TOPIC) ?? {};
  return before.groups.filter(({ group }) => !there.has(group)).flatMap((one) => {
    const kept = partitions[Math.abs(javaHash(one.group)) % partitions.length];
    if (!kept) return [];
    if (kept.leader >= 0) return kept.leader === leaders[kept.partition] ? [] : [one];
    const problem =
      `partition ${kept.partition} of ${OFFSETS_TOPIC}, which keeps it, has no leader`;
    const lags = one.lags.map((lag) => ({ ...lag, lag: null, member: null }));
    return [{ ...one, state: "Unknown", members: [], lag: 0, lags, problem }];
  });
}

/** `String.hashCode()` of Java. */
function javaHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (31 * hash + text.charCodeAt(at)) | 0;
  return hash;
}

/**
 * A group and how far it is behind.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { groupLine } from "./snapshot.ts";
 * const of = (partition: number, end: number | null) =>
 *   ({ partition, leader: 1, replicas: [1], inSync: [1], begin: end && 0, end, stable: end });
 * const topics = [{ topic: "t", partitions: [of(0, 10), of(1, null)] }];
 * const committed = [0, 1].map((partition) => ({ topic: "t", partition, offset: 4 }));
 * const line = groupLine(
 *   { group: "g", protocol: "classic", state: "Empty", members: [], committed, lags: [] },
 *   topics,
 * );
 * // The end of partition 1 is not known: its leader is away.
 * assert.deepEqual([line.lag, line.lags.map(({ lag }) => lag)], [6, [6, null]]);
 * ```
 */
export function groupLine(
  { committed, lags: counted, ...group }: GroupOverview,
  topics: readonly TopicOverview[],
): GroupLine {
  const { members, problem } = group;
  // Of a share group, records behind its offset may be done with, too: the broker counts.
  const told = new Map(counted.map((one) => [topicPartitionKey(one), one.lag]));
  // Without what it has committed, its lag is not known; a share group may begin anywhere.
  const known = problem === undefined && group.protocol !== "share";
  const owned = known ? members.flatMap(({ partitions }) => partitions) : [];
  const read = new Set([...committed, ...owned].map(({ topic }) => topic));
  const partitions = topics.filter(({ topic }) => read.has(topic)).flatMap((
    { topic, partitions },
  ) => partitions.map((one) => ({ ...one, topic })));
  const edge = (name: "begin" | "end") =>
    partitions.map((one) => ({
      topic: one.topic,
      partition: one.partition,
      offset: one[name] ?? 0,
    }));
  const away = new Set(
    partitions.filter(({ end }) => end === null).map(topicPartitionKey),
  );
  const described = members.map((one) => ({ ...one, group: "", generation: null, atMs: 0 }));
  const found = lagOf({ committed, begin: edge("begin"), end: edge("end"), members: described });
  const lags = found.map((one): LagLine =>
    away.has(topicPartitionKey(one))
      ? { ...one, end: null, lag: null }
      : { ...one, lag: told.get(topicPartitionKey(one)) ?? one.lag }
  );
  return { ...group, lags, lag: lags.reduce((sum, { lag }) => sum + (lag ?? 0), 0) };
}

/** What {@link topicLine} needs besides the topic. */
export interface TopicFacts {
  /** What is known of it on disks. */
  readonly copies?: readonly StoredCopy[] | undefined;
  /** Names of groups and applications. */
  readonly owners?: ReadonlySet<string>;
}

/**
 * What the list of topics shows of one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { topicLine } from "./snapshot.ts";
 * const partition = { partition: 0, leader: 1, replicas: [1, 2], inSync: [1], begin: 3, end: 10, stable: 8 };
 * const copies = [1, 2].map((broker) => ({ topic: "demo_1", partition: 0, broker, bytes: broker * 100 }));
 * const line = topicLine({ topic: "demo_1", partitions: [partition] }, { copies });
 * assert.deepEqual([line.offsets, line.bytes, line.replicas, line.weak], [7, 200, 2, 1]);
 * assert.deepEqual(line.open, [{ partition: 0, stable: 8 }]);
 * ```
 */
export function topicLine(
  { topic, partitions }: TopicOverview,
  { copies, owners = new Set() }: TopicFacts = {},
): TopicLine {
  const offsets = partitions.reduce((sum, { begin, end }) => sum + (end ?? 0) - (begin ?? 0), 0);
  return {
    topic,
    offsets,
    records: offsets === 0 ? 0 : null,
    bytes: copies ? oneCopy(copies) : null,
    replicas: Math.max(0, ...partitions.map(({ replicas }) => replicas.length)),
    weak: partitions.filter((one) => one.leader < 0 || one.inSync.length < one.replicas.length)
      .length,
    internal: isInternal(topic, owners),
    begin: partitions.map(({ begin }) => begin),
    end: partitions.map(({ end }) => end),
    open: partitions.flatMap(({ partition, end, stable }) =>
      stable !== null && end !== null && stable < end ? [{ partition, stable }] : []
    ),
    leaders: partitions.map(({ leader }) => leader),
    copies: partitions.map(({ replicas }) => replicas),
    inSync: partitions.map(({ inSync }) => inSync),
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

/**
 * Whether Kafka, the registry or a streams application made a topic for itself.
 *
 * A name that only ends like one is not internal: there must be a group or an application of the name before it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { isInternal } from "./snapshot.ts";
 * assert.equal(isInternal("order-status", new Set()), false);
 * assert.equal(isInternal("counts-trips-changelog", new Set(["counts"])), true);
 * ```
 * @param owners Names of groups and applications.
 */
export function isInternal(topic: string, owners: ReadonlySet<string>): boolean {
  if (topic.startsWith("__")) return true;
  if (!looksInternal(topic)) return false;
  // The longest name comes first, but any will do: "<application>-<store>-changelog", "<application>-status".
  for (let at = topic.lastIndexOf("-"); at > 0; at = topic.lastIndexOf("-", at - 1)) {
    if (owners.has(topic.slice(0, at))) return true;
  }
  return false;
}

/** Whether a streams application could have made it, going by the name's end alone. */
export function looksInternal(topic: string): boolean {
  return /-(changelog|repartition|status)$/.test(topic);
}
