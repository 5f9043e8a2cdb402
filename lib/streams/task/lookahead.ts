/**
 * Whether anybody behind a source looks into values: if not, they stay bytes.
 *
 * @module
 */
import type { Topology } from "../topology/topology.ts";

/** True if the source or some node behind it reads decoded values. */
export function readsValue(topology: Topology, source: string): boolean {
  const open = [source];
  const seen = new Set<string>();
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (seen.has(name)) continue;
    seen.add(name);
    for (const node of topology.nodes) {
      if (node.name === name && node.readsValue) return true;
      if (node.parents.some((edge) => edge.node === name)) open.push(node.name);
    }
  }
  return false;
}
