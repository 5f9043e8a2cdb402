import { sleep } from "../../../lib/async/mod.ts";
import type { Guarantee } from "../../../lib/streams/mod.ts";
import { echoRun } from "../echo_run.ts";
import type { Row, Trial } from "../row.ts";

/** Two a round of a full run, one of a shorter one; longer than a session, which is 2 s here. */
const ROUNDS = 4, FROZEN_MS = 4_500;

/** Workers that were thought dead, and go on. */
export const workerFrozen: Row = {
  id: "R3",
  name: "worker-frozen",
  about: "a worker frozen past its session wakes: what it still writes does not count",
  brokers: 1,
  gate: true,
  rounds: ROUNDS,
  gateRounds: 1,
  run: (trial) => run(trial, "exactly-once"),
  control: {
    about: "no transactions: the work of a frozen worker is done twice",
    finds: ["duplicate"],
    run: (trial) => run(trial, "at-least-once"),
  },
};

async function run({ cluster, round, rounds, random, tell }: Trial, guarantee: Guarantee) {
  const freezes = rounds < ROUNDS ? 1 : 2;
  const { kafka, brokers } = cluster;
  const store = round % 2 === 0 ? "memory" as const : "sqlite" as const;
  const result = await echoRun(kafka, {
    ...{ guarantee, brokers, store, rate: 1_000 },
    faults: async ({ fleet, feed, reader }) => {
      await reader.firstArrival();
      for (let freeze = 0; freeze < freezes; freeze++) {
        const afterMs = Math.round(1_500 + 1_000 * random());
        tell(`${afterMs} ms later, SIGSTOP worker ${freeze % 2} for ${FROZEN_MS} ms`);
        await sleep(afterMs);
        await fleet.freeze(freeze % 2, FROZEN_MS);
        await reader.sees(`${feed.written}`);
      }
    },
  });
  const { anomalies, records, lost } = result;
  return {
    anomalies,
    figures: { records, zombies: freezes, "fenced tasks": lost.length, "tables in": store },
  };
}
