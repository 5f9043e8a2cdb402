import { sleep } from "../../../lib/async/mod.ts";
import { echoRun } from "../echo_run.ts";
import type { Row, Trial } from "../row.ts";
import { harmedAt } from "../signal_at.ts";

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
  run: frozenAnywhere,
  control: {
    about: "no transactions: the work of a frozen worker is done twice",
    finds: ["duplicate"],
    run: frozenBetween,
  },
};

/** Workers with transactions, frozen at moments that chance chooses. */
async function frozenAnywhere({ cluster, round, rounds, random, tell }: Trial) {
  const freezes = rounds < ROUNDS ? 1 : 2;
  const { kafka, brokers } = cluster;
  const store = round % 2 === 0 ? "memory" as const : "sqlite" as const;
  const result = await echoRun(kafka, {
    ...{ guarantee: "exactly-once", brokers, store, rate: 1_000 },
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

/** A worker without transactions that freezes where it must do harm: its outputs are written, its offsets not committed. */
async function frozenBetween({ cluster: { kafka, brokers }, tell }: Trial) {
  const place = 0;
  tell(`worker ${place} freezes after its fifth "written" for ${FROZEN_MS} ms`);
  const { anomalies, records } = await echoRun(kafka, {
    ...{ guarantee: "at-least-once", brokers, rate: 1_000 },
    signalAt: (start) => start === place ? "freeze:written@5" : undefined,
    faults: async ({ fleet, feed, reader }) => {
      await fleet.says("a frozen worker", (lines) => harmedAt("freeze", "written", lines) > 0);
      await sleep(FROZEN_MS);
      fleet.wake(place);
      await reader.sees(`${feed.written}`);
    },
  });
  return { anomalies, figures: { records, zombies: 1 } };
}
