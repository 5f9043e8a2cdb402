import { listenOnLoopback } from "../lib/platform/mod.ts";

/**
 * Finds ports that are free side by side, below the range from which the system takes ports for connections.
 *
 * `TAXI_TEST_LANE`, 0 or 1, keeps tests that run at the same time apart: a port that one has chosen looks free until
 * its server has started.
 *
 * @param count How many.
 * @returns The first of them.
 */
export function freePorts(count: number): number {
  const lane = Number(Deno.env.get("TAXI_TEST_LANE") ?? 0);
  for (;;) {
    const first = 20_000 + lane * 5_000 + Math.floor(Math.random() * 4_900);
    const all = Array.from({ length: count }, (_, i) => first + i);
    if (all.every(isFree)) return first;
  }
}

function isFree(port: number): boolean {
  try {
    listenOnLoopback(port);
    return true;
  } catch {
    return false;
  }
}
