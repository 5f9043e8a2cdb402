/**
 * Sub-topologies: what hangs together without a topic in between.
 *
 * @module
 */
import type { TopologyNode } from "./node.ts";

/** Nodes that run in one task per partition. */
export interface SubTopology {
  /** From 0, in the order of the first node. */
  readonly id: number;
  /** Names, in the order of the topology. */
  readonly nodes: readonly string[];
  /** Topics it reads: tasks own one partition of each. */
  readonly sourceTopics: readonly string[];
  /** Topics it always writes; a topic chosen per record is not among them. */
  readonly sinkTopics: readonly string[];
  /** Names of the stores that its tasks own. */
  readonly stores: readonly string[];
}

/**
 * Splits nodes into connected groups; an edge or a shared (not global) store connects.
 *
 * See: Kafka Streams' `InternalTopologyBuilder.makeNodeGroups`
 */
export function splitIntoSubTopologies(
  nodes: readonly TopologyNode[],
  localStores: ReadonlySet<string>,
): SubTopology[] {
  const leader = new Map(nodes.map((node) => [node.name, node.name]));
  const find = (name: string): string => {
    let at = name;
    while (leader.get(at) !== at) at = leader.get(at)!;
    return at;
  };
  const firstUser = new Map<string, string>();
  for (const node of nodes) {
    for (const { node: parent } of node.parents) leader.set(find(node.name), find(parent));
    for (const store of node.stores) {
      if (!localStores.has(store)) continue;
      const user = firstUser.get(store);
      if (user === undefined) firstUser.set(store, node.name);
      else leader.set(find(node.name), find(user));
    }
  }
  const groups = new Map<string, TopologyNode[]>();
  for (const node of nodes) {
    const group = find(node.name);
    groups.set(group, [...(groups.get(group) ?? []), node]);
  }
  return [...groups.values()].map((group, id) => describeGroup(id, group, localStores));
}

function describeGroup(
  id: number,
  nodes: readonly TopologyNode[],
  localStores: ReadonlySet<string>,
): SubTopology {
  const sinks = nodes.map((node) => node.sink?.topic).filter((topic) => typeof topic === "string");
  return {
    id,
    nodes: nodes.map((node) => node.name),
    sourceTopics: nodes.flatMap((node) => node.source ? [node.source.topic] : []),
    sinkTopics: [...new Set(sinks)],
    stores: [...new Set(nodes.flatMap((node) => node.stores))].filter((one) =>
      localStores.has(one)
    ),
  };
}
