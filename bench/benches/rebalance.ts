import type { Bench, BenchOptions } from "../bench.ts";
import { figure, type Line } from "../comparison.ts";
import { page, SCENARIOS, type Seen } from "../rebalance/scenarios.ts";

const BENCH = "rebalance";

/** How much of a group stops when one member comes, and for how long. */
export const rebalance: Bench = {
  name: BENCH,
  about: "groups of two, three and twelve: partitions that nobody reads while one member joins " +
    "(pictures go into the folder that BENCH_PICTURES names)",
  run: async function* ({ ground, rounds }: BenchOptions): AsyncIterable<Line> {
    const { kafka } = await ground(), folder = Deno.env.get("BENCH_PICTURES");
    for (const { name, run } of SCENARIOS) {
      const seen: Seen[] = [];
      for (let round = 0; round < rounds; round++) {
        const one = await run(kafka);
        seen.push(one);
        await kafka.topics.delete(name);
        if (folder) await Deno.writeTextFile(`${folder}/${name}.html`, page(one));
      }
      if (name === "share") continue;
      const stopped = seen.map(({ pauses, data }) =>
        100 * new Set(pauses.map(({ partition }) => partition)).size / data.partitions.length
      );
      const longestMs = seen.map(({ pauses }) => Math.max(0, ...pauses.map(({ ms }) => ms)));
      yield figure({ bench: BENCH, what: `${name}: partitions that paused`, unit: "%" }, stopped);
      yield figure({ bench: BENCH, what: `${name}: longest pause` }, longestMs);
    }
  },
};
