import { sleep } from "../../../lib/async/mod.ts";
import type { Guarantee } from "../../../lib/streams/mod.ts";
import { echoRun } from "../echo_run.ts";
import type { Row, Trial } from "../row.ts";

/** A full run's; each round does its share. */
const IN_ALL = { records: 200_000, kills: 20 }, ROUNDS = 4;
const SHARE = { kills: IN_ALL.kills / ROUNDS, records: IN_ALL.records / ROUNDS };
/** Where a few rounds are all there is. */
const SMALL = { kills: 3, records: 20_000 };
const RATE = 2_500;

/** kill -9 of workers at random moments. */
export const workerKilled: Row = {
  id: "R1",
  name: "worker-killed",
  about: "kill -9 of workers at random moments: every copy, count, branch and window is exact",
  brokers: 1,
  gate: true,
  rounds: ROUNDS,
  gateRounds: 1,
  inAll: IN_ALL,
  // Every other round keeps its tables on disk.
  run: (trial) =>
    run(trial, { guarantee: "exactly-once", store: trial.round % 2 === 0 ? "sqlite" : "memory" }),
  control: {
    about: "no transactions: what a killed worker had not committed comes again",
    finds: ["duplicate", "inconsistent count"],
    run: (trial) =>
      run(trial, { guarantee: "at-least-once", store: "memory", kills: 3, records: 0 }),
  },
};

async function run(
  { cluster: { kafka, brokers }, rounds, random, tell }: Trial,
  options: {
    readonly guarantee: Guarantee;
    readonly store: "memory" | "sqlite";
    readonly kills?: number;
    readonly records?: number;
  },
) {
  const { guarantee, store, kills, records } = {
    ...rounds < ROUNDS ? SMALL : SHARE,
    ...options,
  };
  let killed = 0;
  const result = await echoRun(kafka, {
    ...{ guarantee, brokers, store, records, rate: RATE },
    faults: async ({ fleet, reader }) => {
      await reader.firstArrival();
      for (let kill = 0; kill < kills; kill++) {
        const afterMs = Math.round(1_500 + 2_000 * random()), place = Math.floor(2 * random());
        tell(`${afterMs} ms later, kill -9 worker ${place}`);
        await sleep(afterMs);
        await fleet.filled(place);
        fleet.kill(place);
        killed++;
      }
    },
  });
  return {
    anomalies: result.anomalies,
    figures: { records: result.records, kills: killed, "tables in": store },
  };
}
