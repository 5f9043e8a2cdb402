import { sleep } from "../../../lib/async/mod.ts";
import { bounce, livenessFaults } from "../broker_faults.ts";
import { echoRun } from "../echo_run.ts";
import type { Outcome, Row, Trial } from "../row.ts";
import { stockFaults } from "../stock_writer.ts";

/** The only broker goes and comes back, in order and killed. */
export const brokerBounced: Row = {
  id: "R4",
  name: "broker-bounced",
  about: "the only broker is stopped, and killed: the same processes go on, exactly once",
  brokers: 1,
  gate: true,
  rounds: 5,
  gateRounds: 1,
  run,
  control: {
    about:
      "kafkajs as it comes, sends overlapping: what waited for the broker comes in another order",
    finds: ["reorder"],
    run: async ({ cluster }) => {
      const fault = async () => {
        await sleep(1_000);
        await cluster.kill(1);
        await cluster.start(1);
      };
      return { anomalies: await stockFaults(cluster, { partitions: 1, fault }), figures: {} };
    },
  },
};

async function run({ cluster, random, tell }: Trial): Promise<Outcome> {
  const recoveriesMs: number[] = [];
  let longestWaitMs = 0;
  const result = await echoRun(cluster.kafka, {
    ...{ guarantee: "exactly-once", brokers: cluster.brokers, rate: 1_000 },
    faults: async (world) => {
      await world.reader.firstArrival();
      for (const by of ["SIGTERM", "SIGKILL"] as const) {
        const afterMs = Math.round(1_000 + 1_000 * random()), downMs = 1_000;
        tell(`${afterMs} ms later, ${by} the broker, start it ${downMs} ms after its end`);
        await sleep(afterMs);
        recoveriesMs.push(await bounce(cluster, { by, broker: 1, downMs }, world));
      }
      longestWaitMs = world.feed.longestWaitMs;
    },
  });
  return {
    anomalies: [...result.anomalies, ...livenessFaults(result, { recoveriesMs })],
    figures: {
      records: result.records,
      "recovery ms": recoveriesMs.map(Math.round).join(" "),
      "longest send ms": Math.round(longestWaitMs),
    },
  };
}
