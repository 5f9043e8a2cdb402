import { echoRun } from "../echo_run.ts";
import type { Row, Trial } from "../row.ts";
import type { CommitStep, Guarantee } from "../../../lib/streams/mod.ts";

const STEPS: readonly CommitStep[] = ["begun", "written", "offsets", "committed"];
/** How often each step is hit in a round: eight times in a full run. */
const HITS = 2;

/** Workers that kill themselves in the middle of a commit, after each of its steps. */
export const crashPoints: Row = {
  id: "R2",
  name: "crash-points",
  about: "workers die before a commit and after each of its steps: every record counts once",
  brokers: 1,
  gate: true,
  rounds: 4,
  gateRounds: 1,
  run: (trial) => run(trial, "exactly-once", STEPS),
  control: {
    about: "no transactions: what was written before a crash is written again",
    finds: ["duplicate"],
    run: (trial) => run(trial, "at-least-once", ["written"]),
  },
};

async function run(
  { cluster: { kafka, brokers }, random, tell }: Trial,
  guarantee: Guarantee,
  steps: readonly CommitStep[],
) {
  // Starts die in turn at each step, so each is hit equally often.
  const wanted = HITS * steps.length;
  const commits = Array.from({ length: 2 * wanted }, () => 3 + Math.floor(random() * 5));
  const plan = (start: number) => `${steps[start % steps.length]}@${commits[start] ?? 3}`;
  tell(`crash at ${commits.map((_, start) => plan(start)).join(" ")}`);
  const { anomalies, records, crashes, lost } = await echoRun(kafka, {
    guarantee,
    brokers,
    crash: plan,
    faults: async ({ fleet }) => {
      await fleet.hits(wanted);
      fleet.spare();
    },
  });
  return { anomalies, figures: { records, crashes, "tasks begun again": lost.length } };
}
