/**
 * A topology as plain data to be drawn: what a reader of the program would put on paper.
 *
 * @module
 */
import type { ArrowCounter, StoreView, TopologyArrow, TopologyBox } from "../../views/mod.ts";
import type { TopologyView } from "../../views/mod.ts";
import type { Edge, TopologyNode } from "./node.ts";
import type { Plan } from "./plan.ts";
import { changelogTopic, nodeOf, type Topology } from "./topology.ts";

/** Steps that only exist so that others can work; the picture goes around them. */
const QUIET = new Set(["withKey", "toStream", "repartitioned", "source"]);

/** Where an arrow begins, past the quiet steps. */
interface Origin {
  readonly id: string;
  readonly output?: string;
  /** Counts what leaves it; missing for one way out of several. */
  readonly counter?: ArrowCounter;
}

/**
 * Puts a topology into boxes and arrows: topics, steps in their sub-topology, tables.
 *
 * @param options.plan Adds partition counts
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { app, json, string, topic } from "lib/streams/mod.ts";
 * import { topologyView } from "./topology_view.ts";
 * const copy = app("copy");
 * copy.stream(topic("rides", { key: string, value: json() })).to("copies");
 * const { boxes, arrows } = topologyView(copy.topology());
 * assert.deepEqual(boxes.map(({ label }) => label), ["rides", "copies"]);
 * assert.deepEqual(arrows.map(({ from, to }) => [from, to]), [["topic rides", "topic copies"]]);
 * ```
 */
export function topologyView(
  topology: Topology,
  options: { readonly plan?: Plan } = {},
): TopologyView {
  const boxes = new Map<string, TopologyBox>();
  for (const sub of topology.subTopologies) {
    const steps = sub.nodes.map((name) => nodeOf(topology, name)).filter(isStep);
    for (const node of steps) add(boxes, { ...stepBox(node), subTopology: sub.id });
    for (const store of sub.stores) add(boxes, { ...storeBox(store), subTopology: sub.id });
  }
  const arrows: TopologyArrow[] = topology.globals.map(({ topic, store }) => {
    add(boxes, topicBox(topic));
    add(boxes, { ...storeBox(store), label: `${store} (global)` });
    return { from: topicId(topic), to: storeId(store), kind: "flow" };
  });
  for (const node of topology.nodes) {
    if (!node.global) arrows.push(...arrowsTo(topology, node, (box) => add(boxes, box)));
  }
  return {
    app: topology.appId,
    boxes: [...boxes.values()],
    arrows,
    stores: storesOf(topology),
    partitions: options.plan?.partitions ?? {},
  };
}

function arrowsTo(
  topology: Topology,
  node: TopologyNode,
  draw: (box: TopologyBox) => void,
): TopologyArrow[] {
  if (node.source || !(isStep(node) || node.sink)) return [];
  const origins = node.parents.flatMap((edge) => originsOf(topology, edge, draw));
  const target = node.sink ? sinkBox(node) : stepBox(node);
  if (node.sink) draw(target);
  const flows = origins.map(({ id, output, counter }): TopologyArrow => {
    const own: ArrowCounter = { node: node.name, of: "received" };
    const counted = origins.length === 1 ? own : counter;
    return {
      from: id,
      to: target.id,
      kind: "flow",
      ...(output === undefined ? {} : { output }),
      ...(counted ? { counter: counted } : {}),
    };
  });
  const states = node.stores.map((store): TopologyArrow => ({
    from: target.id,
    to: storeId(store),
    kind: "state",
  }));
  return [...flows, ...states];
}

function originsOf(topology: Topology, edge: Edge, draw: (box: TopologyBox) => void): Origin[] {
  const node = nodeOf(topology, edge.node);
  const counter: ArrowCounter = { node: node.name, of: "emitted" };
  if (node.source) {
    draw(topicBox(node.source.topic));
    return [{ id: topicId(node.source.topic), counter }];
  }
  if (!isStep(node)) return node.parents.flatMap((parent) => originsOf(topology, parent, draw));
  return edge.output === undefined
    ? [{ id: node.name, counter }]
    : [{ id: node.name, output: edge.output }];
}

function storesOf(topology: Topology): StoreView[] {
  return topology.stores.map(({ name, layout, logged, global, sizeMs, graceMs }) => ({
    name,
    layout,
    changelog: global
      ? topology.globals.find((one) => one.store === name)?.topic ?? null
      : logged
      ? changelogTopic(topology.appId, name)
      : null,
    ...(sizeMs === undefined ? {} : { sizeMs }),
    ...(graceMs === undefined ? {} : { graceMs }),
    ...(global ? { global } : {}),
  }));
}

function isStep(node: TopologyNode): boolean {
  return node.kind === "operator" && !QUIET.has(node.operator);
}

/** The DSL's word, and the name if the user gave one. */
function stepBox(node: TopologyNode): TopologyBox {
  const label = node.named ? `${node.operator}: ${node.name}` : node.operator;
  return { id: node.name, kind: "step", label, subTopology: null };
}

function sinkBox(node: TopologyNode): TopologyBox {
  const { topic } = node.sink!;
  return typeof topic === "string"
    ? topicBox(topic)
    : { id: node.name, kind: "topic", label: "a topic per record", subTopology: null };
}

const topicId = (topic: string) => `topic ${topic}`;
const storeId = (store: string) => `store ${store}`;

function topicBox(topic: string): TopologyBox {
  return { id: topicId(topic), kind: "topic", label: topic, subTopology: null };
}

function storeBox(store: string): TopologyBox {
  return { id: storeId(store), kind: "store", label: store, subTopology: null };
}

function add(boxes: Map<string, TopologyBox>, box: TopologyBox): void {
  if (!boxes.has(box.id)) boxes.set(box.id, box);
}
