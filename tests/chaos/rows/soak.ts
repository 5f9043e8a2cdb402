import { sleep } from "../../../lib/async/mod.ts";
import { bounce, livenessFaults } from "../broker_faults.ts";
import type { Anomaly } from "../anomalies.ts";
import { echoRun } from "../echo_run.ts";
import { leakFaults, liveMemory, memoryFigures, MemoryWatch } from "../memory_watch.ts";
import type { Outcome, Row, Trial } from "../row.ts";

const RATE = 200, MINUTE_MS = 60_000;
/** Judged from this many minutes on: a short run says little about a slope. */
const LONG = 10, MOST_MB_A_MINUTE = 1;

/** A long quiet run. */
export const soak: Row = {
  id: "R21",
  name: "soak",
  about:
    "ten minutes (one a round) of steady load, the broker killed in the middle: exact, no leak, no lag",
  brokers: 1,
  gate: false,
  rounds: 10,
  gateRounds: 1,
  continuous: true,
  run: (trial) => run(trial, { forMs: trial.rounds * MINUTE_MS, env: {} }),
  control: {
    about: "workers that keep ten megabytes a second",
    finds: ["leak"],
    run: (trial) => run(trial, { forMs: 20_000, env: { LEAK: "1" } }),
  },
};

async function run({ cluster, rounds, tell }: Trial, { forMs, env }: {
  readonly forMs: number;
  readonly env: Readonly<Record<string, string>>;
}): Promise<Outcome> {
  const recoveriesMs: number[] = [];
  let samples: ReturnType<MemoryWatch["stop"]> = [];
  const result = await echoRun(cluster.kafka, {
    ...{ guarantee: "exactly-once", brokers: cluster.brokers, rate: RATE },
    env: { ...env, DENO_V8_FLAGS: "--expose-gc" },
    faults: async (harm) => {
      await harm.reader.firstArrival();
      const watch = new MemoryWatch(() => harm.fleet.pids);
      await sleep(forMs / 2);
      tell(`${forMs / 2} ms later, kill -9 the broker, start it again`);
      const how = { by: "SIGKILL", broker: 1, downMs: 1_000 } as const;
      recoveriesMs.push(await bounce(cluster, how, harm));
      await sleep(forMs / 2);
      samples = watch.stop();
    },
  });
  // What leaks is in use after a collection. Resident memory has garbage in it too, and what a burst of records took.
  const live = liveMemory(result.lines), resident = memoryFigures(samples);
  const { firstMb, lastMb, mbPerMinute } = memoryFigures(live);
  const slope: Anomaly[] = rounds >= LONG && mbPerMinute > MOST_MB_A_MINUTE
    ? [{ kind: "leak", detail: `${mbPerMinute.toFixed(1)} MB a minute` }]
    : [];
  return {
    anomalies: [
      ...result.anomalies,
      ...livenessFaults(result, { recoveriesMs }),
      ...leakFaults("a worker", live),
      ...slope,
    ],
    figures: {
      records: result.records,
      "recovery ms": recoveriesMs.map(Math.round).join(" "),
      "MB in use, first minute": firstMb.toFixed(1),
      "MB in use, later": lastMb.toFixed(1),
      "MB a minute": mbPerMinute.toFixed(2),
      "resident MB, first minute": Math.round(resident.firstMb),
      "resident MB, later": Math.round(resident.lastMb),
    },
  };
}
