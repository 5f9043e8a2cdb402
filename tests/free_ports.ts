import { isFree } from "../lib/cluster/mod.ts";

/**
 * Finds ports that are free side by side, below the range from which the system takes ports for connections.
 *
 * @param count How many.
 * @returns The first of them.
 */
export function freePorts(count: number): number {
  for (;;) {
    const first = 20_000 + Math.floor(Math.random() * 10_000);
    const all = Array.from({ length: count }, (_, i) => first + i);
    if (all.every(isFree)) return first;
  }
}
