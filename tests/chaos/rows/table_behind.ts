import { sleep } from "../../../lib/async/mod.ts";
import { type Anomaly, copyFaults, type Entry, type Evidence } from "../anomalies.ts";
import { echoRun } from "../echo_run.ts";
import type { Outcome, Row, Trial } from "../row.ts";

/** Longer than a session, which is 2 s here; each key comes again while a worker is frozen. */
const FROZEN_MS = 4_500, RATE = 2_000, KEYS = 4_000;

/** A frozen worker's rows must not bury newer ones. */
export const tableBehind: Row = {
  id: "R24",
  name: "table-behind",
  about: "at least once, a worker frozen past its session wakes: no restored table falls behind",
  brokers: 1,
  gate: false,
  rounds: 4,
  gateRounds: 1,
  run: (trial) => run(trial, "echo_worker.ts"),
  control: {
    about: "workers that do not ask their group before they go on: old rows bury newer ones",
    finds: ["wrong answer"],
    run: (trial) => run(trial, "trusting_worker.ts"),
  },
};

async function run({ cluster, random, tell }: Trial, script: string): Promise<Outcome> {
  const { kafka, brokers } = cluster;
  const result = await echoRun(kafka, {
    ...{ guarantee: "at-least-once", brokers, rate: RATE, keys: KEYS, script },
    faults: async ({ fleet, feed, reader }) => {
      await reader.firstArrival();
      for (const place of [0, 1]) {
        const afterMs = Math.round(3_000 + 1_000 * random());
        tell(`${afterMs} ms later, SIGSTOP worker ${place} for ${FROZEN_MS} ms, then kill -9 both`);
        await sleep(afterMs);
        await fleet.freeze(place, FROZEN_MS);
        // Time to write what it still has; too little for every key to come again.
        await sleep(500);
        for (const one of [0, 1]) fleet.kill(one);
        await reader.sees(`${feed.written}`);
      }
      // Every key is counted once more, by tables that were restored.
      await reader.sees(`${feed.written + KEYS}`);
    },
  });
  const { input, echo } = result.evidence;
  const lost = input.flatMap((records, partition) => copyFaults(records, echo[partition]!))
    .filter(({ kind }) => kind === "lost write");
  return {
    anomalies: [...lost, ...behind(result.evidence)],
    figures: { records: result.records, keys: KEYS, zombies: 2 },
  };
}

/** Keys whose last count is below the number of their records. */
function behind({ input, counts }: Evidence): Anomaly[] {
  const last = new Map<string, number>();
  for (const { key, value } of counts.flat()) last.set(key, Number(value));
  const byKey = Map.groupBy<string, Entry>(input.flat(), ({ key }) => key);
  return [...byKey].filter(([key, records]) => (last.get(key) ?? 0) < records.length)
    .map(([key, records]) => ({
      kind: "wrong answer",
      detail: `${key} was counted ${last.get(key) ?? 0} times, not ${records.length}`,
    }));
}
