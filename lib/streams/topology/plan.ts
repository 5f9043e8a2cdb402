/**
 * From partition counts outside to the topics and tasks of an application.
 *
 * @module
 */
import { changelogTopic, nodeOf, type Topology } from "./topology.ts";
import { changelogConfig, REPARTITION_CONFIG } from "./topic_config.ts";

/** A topic that the application owns. */
export interface TopicPlan {
  /** Full name, beginning with the application's id. */
  readonly name: string;
  /** Moves records to another key's partition, or keeps the rows of a store. */
  readonly kind: "repartition" | "changelog";
  /** Follows from the topics that come before it, or from the store's sub-topology. */
  readonly partitions: number;
  /** Topic settings in Kafka's own words, such as `cleanup.policy`. */
  readonly config: Readonly<Record<string, string>>;
}

/** One task: a sub-topology on one partition. */
export interface TaskId {
  /** Number of the sub-topology, from 0. */
  readonly subTopology: number;
  /** The partition that it reads of each of its topics, from 0. */
  readonly partition: number;
}

/** What must exist and run. */
export interface Plan {
  /** To be made before the first record is read. */
  readonly topics: readonly TopicPlan[];
  /** Each runs in one worker at a time. */
  readonly tasks: readonly TaskId[];
  /** Partitions of every topic that is read. */
  readonly partitions: Readonly<Record<string, number>>;
}

/** `0_1`: sub-topology 0, partition 1. */
export function taskName(id: TaskId): string {
  return `${id.subTopology}_${id.partition}`;
}

/**
 * Derives partition counts, internal topics and tasks.
 *
 * A repartition topic has as many partitions as the topics before it, unless it was given a number or must match
 * others in a join.
 *
 * @param external Partition counts of the topics outside
 * @throws {RangeError} If a topic is missing or topics that are joined differ in partitions
 * See: Kafka Streams' `RepartitionTopics`, `CopartitionedTopicsEnforcer`
 */
export function planTopics(topology: Topology, external: Readonly<Record<string, number>>): Plan {
  const counts = new Map<string, number>(Object.entries(external));
  const sinks = topology.nodes.flatMap((node) => node.sink?.internal ? [node.sink] : []);
  for (const sink of sinks) if (sink.partitions) counts.set(sink.topic as string, sink.partitions);
  for (const node of topology.nodes) {
    if (node.source && !node.source.internal && !counts.has(node.source.topic)) {
      throw new RangeError(
        `Cannot plan "${topology.appId}": topic "${node.source.topic}" does not exist (create it first)`,
      );
    }
  }
  deriveRepartitions(topology, counts);
  for (const group of topology.copartitioned) alignGroup(topology, group, counts, external);
  const tasks = topology.subTopologies.flatMap((sub) =>
    Array.from({ length: tasksOf(sub.sourceTopics, counts) }, (_, partition) => ({
      subTopology: sub.id,
      partition,
    }))
  );
  return {
    topics: [...repartitionTopics(topology, counts), ...changelogTopics(topology, counts)],
    tasks,
    partitions: Object.fromEntries(counts),
  };
}

function tasksOf(topics: readonly string[], counts: ReadonlyMap<string, number>): number {
  return Math.max(0, ...topics.map((topic) => counts.get(topic) ?? 0));
}

/** Each repartition topic takes the count of its upstream; a chain takes as many rounds as it is long. */
function deriveRepartitions(topology: Topology, counts: Map<string, number>): void {
  for (let changed = true; changed;) {
    changed = false;
    for (const sub of topology.subTopologies) {
      const upstream = tasksOf(sub.sourceTopics, counts);
      if (upstream === 0) continue;
      for (const topic of sub.sinkTopics) {
        if (isInternal(topology, topic) && !counts.has(topic)) {
          counts.set(topic, upstream);
          changed = true;
        }
      }
    }
  }
}

function alignGroup(
  topology: Topology,
  group: Topology["copartitioned"][number],
  counts: Map<string, number>,
  external: Readonly<Record<string, number>>,
): void {
  const topics = [...new Set(group.sources.map((name) => nodeOf(topology, name).source!.topic))];
  const fixed = topics.filter((topic) => topic in external || isFixed(topology, topic));
  const wanted = fixed.length > 0
    ? counts.get(fixed[0]!)!
    : Math.max(...topics.map((topic) => counts.get(topic)!));
  const odd = fixed.find((topic) => counts.get(topic) !== wanted);
  if (odd !== undefined) {
    throw new RangeError(
      `Cannot join in "${group.node}": topic "${
        fixed[0]
      }" has ${wanted} partitions and "${odd}" has ${
        counts.get(odd)
      } (put .repartition("name", { partitions: ${wanted} }) before the join on the side of "${odd}")`,
    );
  }
  for (const topic of topics) counts.set(topic, wanted);
}

function isInternal(topology: Topology, topic: string): boolean {
  return topology.nodes.some((node) => node.source?.internal && node.source.topic === topic);
}

function isFixed(topology: Topology, topic: string): boolean {
  return topology.nodes.some((node) => node.sink?.topic === topic && node.sink.partitions);
}

function repartitionTopics(topology: Topology, counts: ReadonlyMap<string, number>): TopicPlan[] {
  return topology.nodes.flatMap((node) => node.source?.internal ? [node.source.topic] : []).map(
    (name) => ({
      name,
      kind: "repartition",
      partitions: counts.get(name)!,
      config: REPARTITION_CONFIG,
    }),
  );
}

function changelogTopics(topology: Topology, counts: ReadonlyMap<string, number>): TopicPlan[] {
  return topology.subTopologies.flatMap((sub) =>
    topology.stores.filter((store) => store.logged && sub.stores.includes(store.name)).map((
      store,
    ) => ({
      name: changelogTopic(topology.appId, store.name),
      kind: "changelog" as const,
      partitions: tasksOf(sub.sourceTopics, counts),
      config: changelogConfig(store),
    }))
  );
}
