/** Workers whose only broker dies and comes back: the same processes go on, and the results are right. */
import assert from "node:assert/strict";
import { killBroker, startBroker } from "../lib/cluster/mod.ts";
import { summary } from "./chaos/anomalies.ts";
import { echoRun } from "./chaos/echo_run.ts";
import { withBrokers } from "./own_brokers.ts";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

for (const guarantee of ["exactly-once", "at-least-once"] as const) {
  Deno.test(`workers survive the broker's death, ${guarantee}`, () =>
    withBrokers(1, async ({ kafka, brokers, world }) => {
      const run = await echoRun(kafka, {
        guarantee,
        brokers,
        faults: async () => {
          await sleep(4_000);
          await killBroker(1, { world });
          await sleep(1_000);
          await startBroker(1, { world });
          await sleep(4_000);
        },
      });
      assert.equal(run.crashes, 0, "no process died of it");
      const kinds = new Set(run.anomalies.map(({ kind }) => kind));
      if (guarantee === "exactly-once") assert.deepEqual(summary(run.anomalies), []);
      else {assert.ok(
          !kinds.has("lost write") && !kinds.has("stuck"),
          summary(run.anomalies).join(),
        );}
    }));
}
