/**
 * A topology as text, in the manner of Kafka Streams' `Topology.describe()`.
 *
 * @module
 */
import type { TopologyNode } from "./node.ts";
import { nodeOf, type Topology } from "./topology.ts";

/**
 * Describes a topology: each sub-topology with its nodes, what comes before (`<--`) and after (`-->`) each.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { app, describe, json, string, topic } from "lib/streams/mod.ts";
 * const copy = app("copy");
 * copy.stream(topic("rides", { key: string, value: json() })).to("copies");
 * assert.equal(describe(copy.topology()), `Topology of copy
 *   Sub-topology 0
 *     Source KSTREAM-SOURCE-0000000000 (topic: rides)
 *       --> KSTREAM-SINK-0000000001
 *     Sink KSTREAM-SINK-0000000001 (topic: copies)
 *       <-- KSTREAM-SOURCE-0000000000`);
 * ```
 */
export function describe(topology: Topology): string {
  const lines = [`Topology of ${topology.appId}`];
  for (const sub of topology.subTopologies) {
    lines.push(`  Sub-topology ${sub.id}`);
    for (const name of sub.nodes) lines.push(...describeNode(topology, nodeOf(topology, name)));
  }
  for (const { topic, store } of topology.globals) {
    lines.push(`  Global table (topic: ${topic}, store: ${store})`);
  }
  return lines.join("\n");
}

function describeNode(topology: Topology, node: TopologyNode): string[] {
  const children = topology.nodes.flatMap((one) =>
    one.parents.filter((edge) => edge.node === node.name).map((edge) =>
      edge.output === undefined ? one.name : `${one.name} (${edge.output})`
    )
  );
  const parents = node.parents.map((edge) => edge.node);
  return [
    `    ${heading(node)}`,
    ...(children.length > 0 ? [`      --> ${children.join(", ")}`] : []),
    ...(parents.length > 0 ? [`      <-- ${parents.join(", ")}`] : []),
  ];
}

function heading(node: TopologyNode): string {
  if (node.source) return `Source ${node.name} (topic: ${node.source.topic})`;
  if (node.sink) {
    const { topic } = node.sink;
    return `Sink ${node.name} (topic: ${typeof topic === "string" ? topic : "chosen per record"})`;
  }
  const stores = node.stores.length > 0 ? ` (stores: ${node.stores.join(", ")})` : "";
  return `Processor ${node.name} [${node.operator}]${stores}`;
}
