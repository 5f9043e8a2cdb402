/**
 * Exactly once, proven as Kafka does it: every record compared, and a control without transactions that must fail.
 *
 * `CHAOS_MINUTES=2` lets the runs go on for longer.
 */
import assert from "node:assert/strict";
import { onKafka } from "../lib/kafka/testing.ts";
import { summary } from "./chaos/anomalies.ts";
import { type EchoRun, echoRun, type EchoRunOptions } from "./chaos/echo_run.ts";
import type { Fleet } from "./chaos/fleet.ts";

const brokers = (Deno.env.get("KAFKA_BROKERS") ?? "").split(",");
const longerMs = Number(Deno.env.get("CHAOS_MINUTES") ?? 0) * 60_000;
const STEPS = ["written", "offsets", "committed"];
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Every start dies in a commit, after another step each time, until so many have. */
function crashing(times: number, steps: readonly string[]) {
  return {
    crash: (start: number) => `${steps[start % steps.length]}@${3 + start % 5}`,
    faults: async (fleet: Fleet) => {
      const endMs = Date.now() + longerMs, giveUpMs = Date.now() + longerMs + 60_000;
      while (fleet.selfKills < times || Date.now() < endMs) {
        assert.ok(Date.now() < giveUpMs, `only ${fleet.selfKills} crash points were reached`);
        await sleep(100);
      }
      fleet.spare();
    },
  };
}

async function runOf(options: Omit<EchoRunOptions, "brokers">): Promise<EchoRun> {
  let result: EchoRun | undefined;
  await onKafka(async ({ kafka }) => {
    result = await echoRun(kafka, { ...options, brokers });
  });
  return result!;
}

function tell(name: string, { records, crashes, lost, anomalies }: EchoRun): void {
  console.log(`${name}: ${records} records, ${crashes} crashes, ${lost.length} tasks begun again`);
  for (const line of summary(anomalies)) console.log(`  ${line}`);
}

Deno.test("exactly once: workers that die after each step of a commit leave no trace", async () => {
  const run = await runOf({ guarantee: "exactly-once", ...crashing(9, STEPS) });
  tell("crash points", run);
  assert.deepEqual(summary(run.anomalies), []);
});

Deno.test("at least once at the same crash points: the test sees the doubles, and nothing is lost", async () => {
  const run = await runOf({ guarantee: "at-least-once", ...crashing(6, STEPS) });
  tell("control", run);
  const kinds = new Set(run.anomalies.map(({ kind }) => kind));
  assert.ok(kinds.has("duplicate"), "a control that passes proves the test blind");
  assert.ok(!kinds.has("lost write"), "at least once loses nothing");
});

Deno.test("exactly once: killed and frozen workers leave no trace", async () => {
  const run = await runOf({
    guarantee: "exactly-once",
    faults: async (fleet) => {
      await sleep(3_000);
      const endMs = Date.now() + longerMs;
      for (let round = 0; round < 2 || Date.now() < endMs; round++) {
        fleet.kill(round % 2);
        await sleep(1_500 + Math.random() * 1_500);
        await fleet.freeze((round + 1) % 2, 3_500);
        await sleep(1_000);
      }
    },
  });
  tell("kill -9 and freeze", run);
  assert.deepEqual(summary(run.anomalies), []);
});
