/**
 * A topology as a picture, in Mermaid's language.
 *
 * @module
 */
import type { TopologyBox } from "../../views/mod.ts";
import type { Plan } from "./plan.ts";
import type { Topology } from "./topology.ts";
import { topologyView } from "./topology_view.ts";

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
  const { boxes, arrows, partitions } = topologyView(topology, options);
  const lines = ["flowchart LR"];
  for (const [sub, members] of Map.groupBy(boxes, (box) => box.subTopology)) {
    if (sub === null) continue;
    lines.push(`  subgraph sub${sub} ["sub-topology ${sub}"]`);
    lines.push(...members.map((box) => `    ${shape(box, box.label)}`), "  end");
  }
  const ends = new Map(boxes.map((box) => [box.id, box]));
  for (const { store } of topology.globals) {
    const box = ends.get(`store ${store}`)!;
    lines.push(`  ${shape(box, box.label)}`);
  }
  const end = (name: string) => {
    const box = ends.get(name)!;
    if (box.kind !== "topic") return id(name);
    const count = partitions[box.label];
    return shape(box, count === undefined ? box.label : `${box.label} ×${count}`);
  };
  for (const { from, to, kind, output } of arrows) {
    const text = output === undefined ? "" : `|${quoted(output)}|`;
    lines.push(`  ${end(from)} ${kind === "state" ? "-.-" : `-->${text}`} ${end(to)}`);
  }
  return lines.join("\n");
}

function shape(box: TopologyBox, label: string): string {
  const [open, close] = { topic: ["([", "])"], step: ["[", "]"], store: ["[(", ")]"] }[box.kind];
  return `${id(box.id)}${open}${quoted(label)}${close}`;
}

/** Mermaid takes letters, digits and _ without trouble; others become their code, so that none collide. */
function id(name: string): string {
  return name.replace(/[^A-Za-z0-9]/g, (char) => `_${char.charCodeAt(0)}_`);
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', "#quot;")}"`;
}
