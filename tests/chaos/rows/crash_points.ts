import { harmedAt } from "../signal_at.ts";
import { echoRun } from "../echo_run.ts";
import type { Row, Trial } from "../row.ts";
import type { Guarantee } from "../../../lib/streams/mod.ts";
import type { CommitStep } from "../../../lib/streams/runtime/mod.ts";

const STEPS: readonly CommitStep[] = ["begun", "written", "offsets", "committed"];
/** How often each step is hit in a full run, by its rounds together; a shorter run hits each once a round. */
const IN_ALL = 8, ROUNDS = 4;

/** Workers that kill themselves in the middle of a commit, after each of its steps. */
export const crashPoints: Row = {
  id: "R2",
  name: "crash-points",
  about: "workers die before a commit and after each of its steps: every record counts once",
  brokers: 1,
  gate: true,
  rounds: ROUNDS,
  gateRounds: 1,
  inAll: Object.fromEntries(STEPS.map((step) => [figureOf(step), IN_ALL])),
  run: (trial) => run(trial, "exactly-once", STEPS),
  control: {
    about: "no transactions: what was written before a crash is written again",
    finds: ["duplicate"],
    run: (trial) => run(trial, "at-least-once", ["written"]),
  },
};

async function run(
  { cluster: { kafka, brokers }, rounds, random, tell }: Trial,
  guarantee: Guarantee,
  steps: readonly CommitStep[],
) {
  // Starts are to die in turn at each step, and go on until each has been hit often enough.
  const hitsEach = rounds < ROUNDS ? 1 : IN_ALL / ROUNDS, wanted = hitsEach * steps.length;
  const commits = Array.from({ length: 2 * wanted }, () => 3 + Math.floor(random() * 5));
  const plan = (start: number) => `${steps[start % steps.length]}@${commits[start] ?? 3}`;
  tell(`crash at ${commits.map((_, start) => plan(start)).join(" ")}`);
  const { anomalies, records, crashes, lost, lines } = await echoRun(kafka, {
    guarantee,
    brokers,
    signalAt: (start) => `crash:${plan(start)}`,
    faults: async ({ fleet }) => {
      await fleet.says(
        `${hitsEach} crashes at each of ${steps.join(", ")}`,
        (lines) => steps.every((step) => harmedAt("crash", step, lines) >= hitsEach),
      );
      fleet.spare();
    },
  });
  const hits = steps.map((step) => [figureOf(step), harmedAt("crash", step, lines)]);
  return {
    anomalies,
    figures: {
      ...{ records, crashes, ...Object.fromEntries(hits) },
      "tasks begun again": lost.length,
    },
  };
}

function figureOf(step: CommitStep): string {
  return `at "${step}"`;
}
