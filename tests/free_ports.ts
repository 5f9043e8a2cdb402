import { listenOnLoopback } from "../lib/platform/mod.ts";

/** Three lanes end where the ports of connections begin. */
const LANE_PORTS = 4_000;

/**
 * Finds ports that are free side by side, below the range from which the system takes ports for connections.
 *
 * `TAXI_TEST_LANE`, 0, 1 or 2, keeps tests that run at the same time apart: a port that one has chosen looks free until
 * its server has started.
 *
 * @param count How many.
 * @returns The first of them.
 */
export function freePorts(count: number): number {
  const lane = Number(Deno.env.get("TAXI_TEST_LANE") ?? 0);
  for (;;) {
    const first = 20_000 + lane * LANE_PORTS + Math.floor(Math.random() * (LANE_PORTS - count));
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
