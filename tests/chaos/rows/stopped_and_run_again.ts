import { sleep } from "../../../lib/async/mod.ts";
import type { Anomaly } from "../anomalies.ts";
import { echoRun } from "../echo_run.ts";
import type { Outcome, Row, Trial } from "../row.ts";

/** Ends a round: ten in a full run. */
const ENDS = 2;
/** Below the session, for which a member is waited for that did not leave; far above what a busy machine needs. */
const SESSION_MS = 45_000, MOST_MS = 30_000;

/** Ctrl-C, and the same command again. */
export const stoppedAndRunAgain: Row = {
  id: "R15",
  name: "ctrl-c",
  about:
    "Ctrl-C and the same command again: exit code 130 even while it starts, at once back in the group, nothing twice",
  brokers: 1,
  gate: true,
  rounds: 5,
  gateRounds: 1,
  run: (trial) => run(trial, { by: "SIGINT", ends: ENDS, sessionTimeoutMs: SESSION_MS }),
  control: {
    about: "kill -9 instead: the next one waits for the dead one's session",
    finds: ["stall", "wrong exit"],
    run: (trial) => run(trial, { by: "SIGKILL", ends: 1, sessionTimeoutMs: 10_000 }),
  },
};

async function run(
  { cluster: { kafka, brokers }, random, tell }: Trial,
  { by, ends, sessionTimeoutMs }: {
    readonly by: "SIGINT" | "SIGKILL";
    readonly ends: number;
    readonly sessionTimeoutMs: number;
  },
): Promise<Outcome> {
  const exitsMs: number[] = [], backMs: number[] = [], anomalies: Anomaly[] = [];
  const slow = (what: string, ms: number) => {
    if (ms > MOST_MS) {
      anomalies.push({ kind: "stall", detail: `${what} after ${Math.round(ms)} ms` });
    }
  };
  const result = await echoRun(kafka, {
    ...{ guarantee: "at-least-once", brokers, workers: 1, sessionTimeoutMs },
    faults: async ({ fleet, run, reader, feed }) => {
      const members = async () => (await kafka.groups.describe(run)).members.map((m) => m.member);
      const end = async () => {
        const before = new Set(await members());
        const ended = await fleet.interrupt(0, by);
        exitsMs.push(ended.ms);
        slow("its end", ended.ms);
        if (ended.code !== 130) {
          anomalies.push({ kind: "wrong exit", detail: `exit code ${ended.code}, not 130` });
        }
        if ((await members()).some((member) => before.has(member))) {
          anomalies.push({ kind: "stall", detail: "its group waits for it after its end" });
        }
      };
      await reader.firstArrival();
      for (let times = 0; times < ends; times++) {
        const afterMs = Math.round(500 + 1_000 * random());
        tell(`${afterMs} ms later, ${by}, and the same command again`);
        await sleep(afterMs);
        await end();
        if (by === "SIGINT") {
          // And again while it starts.
          await fleet.filled(0);
          const earlyMs = Math.round(1_000 * random());
          tell(`${earlyMs} ms after its start, ${by} again`);
          await sleep(earlyMs);
          await end();
        }
        const ms = await reader.sees(`${feed.written}`);
        backMs.push(ms);
        slow("the first record", ms);
      }
    },
  });
  return {
    anomalies: [...anomalies, ...result.anomalies],
    figures: {
      records: result.records,
      "exit ms": exitsMs.map(Math.round).join(" "),
      "start to first record ms": backMs.map(Math.round).join(" "),
    },
  };
}
