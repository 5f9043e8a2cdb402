/**
 * Sources by pattern: which topics they read is known when the application starts.
 *
 * @module
 */
import type { TopologyNode } from "./node.ts";
import { splitIntoSubTopologies } from "./sub_topologies.ts";
import type { Topology } from "./topology.ts";

/** Whether some source has a pattern in place of a topic. */
export function hasPatterns(topology: Topology): boolean {
  return topology.nodes.some(({ source }) => source?.pattern);
}

/**
 * Puts a source for each matching topic in the place of every source with a pattern. Topics that the application owns or
 * reads by name, and its dead letters, are left out.
 *
 * Gotcha: topics made later are read after the next start.
 *
 * @param topics Names of all topics there are
 * @throws {RangeError} If nothing matches, or two patterns match one topic
 */
export function expandPatterns(topology: Topology, topics: Iterable<string>): Topology {
  if (!hasPatterns(topology)) return topology;
  const { appId, nodes, errors: { deadLetterTopic } } = topology;
  const taken = new Map(
    nodes.flatMap(({ source, name }) =>
      source && !source.pattern ? [[source.topic, name] as const] : []
    ),
  );
  // Its own dead letters would come back as input, for ever.
  const isOurs = (topic: string) => topic.startsWith(`${appId}-`) || topic === deadLetterTopic;
  const all = [...new Set(topics)].filter((topic) => !isOurs(topic)).sort();
  const sourcesOf = new Map<string, string[]>();
  const expanded = nodes.flatMap((node): TopologyNode[] => {
    const { pattern, ...source } = node.source ?? {};
    if (!pattern) return [node];
    const found = all.filter((topic) => pattern.test(topic) && taken.get(topic) === undefined);
    if (found.length === 0) {
      throw new RangeError(
        `Cannot start "${appId}": no topic matches ${pattern} (create one, or correct the pattern)`,
      );
    }
    for (const topic of found) taken.set(topic, node.name);
    const made = found.map((topic): TopologyNode => ({
      ...node,
      name: `${node.name}-${topic}`,
      source: { ...source as NonNullable<TopologyNode["source"]>, topic },
    }));
    sourcesOf.set(node.name, made.map(({ name }) => name));
    const parents = made.map(({ name }) => ({ node: name }));
    const { source: _, ...rest } = node;
    return [...made, { ...rest, kind: "operator", operator: "merge", parents }];
  });
  const localStores = new Set(topology.stores.filter((one) => !one.global).map((one) => one.name));
  return {
    ...topology,
    nodes: expanded,
    copartitioned: topology.copartitioned.map(({ node, sources }) => ({
      node,
      sources: sources.flatMap((source) => sourcesOf.get(source) ?? [source]),
    })),
    subTopologies: splitIntoSubTopologies(expanded.filter((node) => !node.global), localStores),
  };
}
