import { sleep } from "../../../lib/async/mod.ts";
import { type Anomaly, type AnomalyKind, copyFaults } from "../anomalies.ts";
import { type EchoRun, echoRun, type Harm } from "../echo_run.ts";
import type { Row, Trial } from "../row.ts";

const KILLS = 5, RATE = 1_000, COMMIT_MS = 200;
/** A commit interval, and what a busy machine may add to it. */
const REDONE_MS = COMMIT_MS + 1_000;
/** What at least once allows: doing things again. */
const ALLOWED = new Set<AnomalyKind>([
  "duplicate",
  "inconsistent count",
  "reorder",
  "rewind",
  "gap",
  "torn transaction",
]);

/** The same as R1 without transactions. */
export const atLeastOnce: Row = {
  id: "R8",
  name: "at-least-once",
  about:
    "kill -9 of workers without transactions: nothing is lost, a commit interval's work is redone",
  brokers: 1,
  gate: false,
  rounds: 4,
  gateRounds: 1,
  run: async (trial) => {
    const { result, killsMs } = await killed(trial);
    const redone = redoneBy(result, killsMs);
    const late = redone.filter(({ ms }) => ms > REDONE_MS);
    return {
      anomalies: [
        ...result.anomalies.filter(({ kind }) => !ALLOWED.has(kind)),
        ...late.map(({ ms }): Anomaly => ({
          kind: "duplicate",
          detail: `what came out ${Math.round(ms)} ms before a kill, too`,
        })),
      ],
      figures: {
        records: result.records,
        kills: KILLS,
        "doubled by each": redone.map(({ records }) => records).join(" "),
        "ms of work redone": redone.map(({ ms }) => Math.round(ms)).join(" "),
      },
    };
  },
  control: {
    about:
      "a worker that commits first and writes then: what it had read when it was killed is lost",
    finds: ["lost write"],
    run: async (trial) => {
      const { result } = await killed(trial, "eager_worker.ts");
      const { input, echo } = result.evidence;
      const anomalies = input.flatMap((records, partition) =>
        copyFaults(records, echo[partition]!)
      );
      return { anomalies, figures: { records: result.records } };
    },
  },
};

async function killed({ cluster, random, tell }: Trial, script = "echo_worker.ts") {
  const killsMs: number[] = [];
  const faults = async ({ fleet, reader }: Harm) => {
    await reader.firstArrival();
    for (let kill = 0; kill < KILLS; kill++) {
      const afterMs = Math.round(3_000 + 1_500 * random()), place = Math.floor(2 * random());
      tell(`${afterMs} ms later, kill -9 worker ${place}`);
      await sleep(afterMs);
      fleet.kill(place);
      killsMs.push(performance.now());
    }
  };
  const result = await echoRun(cluster.kafka, {
    ...{ guarantee: "at-least-once", brokers: cluster.brokers, rate: RATE, script, faults },
  });
  return { result, killsMs };
}

/** For each kill, how many copies came twice, and how long before it the first of them had come out. */
function redoneBy(
  { evidence, reader }: EchoRun,
  killsMs: readonly number[],
): { readonly records: number; readonly ms: number }[] {
  const seen = new Set<string>(), doubled = new Set<string>();
  for (const { value } of evidence.echo.flat()) {
    if (seen.has(value)) doubled.add(value);
    seen.add(value);
  }
  const firstMs = [...doubled].map((value) => reader.arrivals.get(value) ?? Infinity);
  return killsMs.map((killMs, i) => {
    // A copy may arrive a moment after the kill of who wrote it; two kills are seconds apart.
    const mine = firstMs.filter((ms) =>
      ms < killMs + 500 && ms >= (i === 0 ? -Infinity : killsMs[i - 1]! + 500)
    );
    return { records: mine.length, ms: mine.length === 0 ? 0 : killMs - Math.min(...mine) };
  });
}
