/**
 * A topology as a picture, in Mermaid's language.
 *
 * @module
 */
import type { Edge, TopologyNode } from "./node.ts";
import type { Plan } from "./plan.ts";
import type { Topology } from "./topology.ts";

/** Steps that only exist so that others can work; the picture goes around them. */
const QUIET = new Set(["withKey", "toStream", "repartitioned", "source"]);

/**
 * Draws a topology: topics as round ends, steps as boxes, tables as drums, a frame for each sub-topology.
 *
 * @param options.plan Adds partition counts to the topics
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { app, diagram, json, string, topic } from "lib/streams/mod.ts";
 * const copy = app("copy");
 * copy.stream(topic("rides", { key: string, value: json() })).to("copies");
 * assert.match(diagram(copy.topology()), /^flowchart LR\n/);
 * ```
 */
export function diagram(topology: Topology, options: { readonly plan?: Plan } = {}): string {
  const drawing = new Drawing(topology, options.plan);
  return drawing.draw();
}

class Drawing {
  readonly #lines: string[] = ["flowchart LR"];
  readonly #byName: ReadonlyMap<string, TopologyNode>;

  constructor(readonly topology: Topology, readonly plan: Plan | undefined) {
    this.#byName = new Map(topology.nodes.map((node) => [node.name, node]));
  }

  draw(): string {
    for (const sub of this.topology.subTopologies) {
      const steps = sub.nodes.map((name) => this.#byName.get(name)!).filter(isStep);
      if (steps.length === 0 && sub.stores.length === 0) continue;
      this.#lines.push(`  subgraph sub${sub.id} ["sub-topology ${sub.id}"]`);
      for (const step of steps) this.#lines.push(`    ${id(step.name)}[${quoted(label(step))}]`);
      for (const store of sub.stores) this.#lines.push(`    ${storeId(store)}[(${quoted(store)})]`);
      this.#lines.push("  end");
    }
    for (const { topic, store } of this.topology.globals) {
      this.#lines.push(`  ${storeId(store)}[(${quoted(`${store} (global)`)})]`);
      this.#lines.push(`  ${this.#topic(topic)} --> ${storeId(store)}`);
    }
    for (const node of this.topology.nodes) if (!node.global) this.#edges(node);
    return this.#lines.join("\n");
  }

  #edges(node: TopologyNode): void {
    if (node.source || !(isStep(node) || node.sink)) return;
    const to = node.sink ? this.#sinkTopic(node) : id(node.name);
    for (const edge of node.parents) {
      for (const from of this.#origins(edge)) {
        const text = from.output === undefined ? "" : `|${quoted(from.output)}|`;
        this.#lines.push(`  ${from.id} -->${text} ${to}`);
      }
    }
    for (const store of node.stores) this.#lines.push(`  ${id(node.name)} -.- ${storeId(store)}`);
  }

  /** The topics or steps that an edge comes from, past the quiet ones. */
  #origins(edge: Edge): { readonly id: string; readonly output?: string }[] {
    const node = this.#byName.get(edge.node)!;
    if (node.source) return [{ id: this.#topic(node.source.topic) }];
    if (isStep(node)) {
      return [{ id: id(node.name), ...(edge.output === undefined ? {} : { output: edge.output }) }];
    }
    return node.parents.flatMap((parent) => this.#origins(parent));
  }

  #sinkTopic(node: TopologyNode): string {
    const { topic } = node.sink!;
    return typeof topic === "string"
      ? this.#topic(topic)
      : `${id(node.name)}([${quoted("a topic per record")}])`;
  }

  #topic(topic: string): string {
    const partitions = this.plan?.partitions[topic];
    const count = partitions === undefined ? "" : ` ×${partitions}`;
    return `${id(`topic ${topic}`)}([${quoted(topic + count)}])`;
  }
}

function isStep(node: TopologyNode): boolean {
  return node.kind === "operator" && !QUIET.has(node.operator);
}

/** The DSL's word, and the name if the user gave one. */
function label(node: TopologyNode): string {
  const generated = /-\d{10}$/.test(node.name);
  return generated ? node.operator : `${node.operator}: ${node.name}`;
}

function storeId(store: string): string {
  return id(`store ${store}`);
}

/** Mermaid takes letters, digits and _ without trouble; others become their code, so that none collide. */
function id(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, (char) => `_${char.charCodeAt(0)}_`);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', "#quot;")}"`;
}
