import { sleep } from "../../../lib/async/mod.ts";
import { bounce, livenessFaults } from "../broker_faults.ts";
import { echoRun } from "../echo_run.ts";
import type { Outcome, Row, Trial } from "../row.ts";
import { stockFaults } from "../stock_writer.ts";

/** Longer than every time-out of client and worker. */
const DOWN_MS = 70_000, RECORDS_AFTER = 10_000;

/** The only broker is away for long. */
export const brokerDown: Row = {
  id: "R5",
  name: "broker-down",
  about: "the only broker is away for 70 s: nobody gives up, and 10,000 records later all is exact",
  brokers: 1,
  gate: false,
  rounds: 1,
  gateRounds: 1,
  run,
  control: {
    about: "kafkajs as it comes gives up after its five tries: what was to be written is lost",
    finds: ["lost write"],
    run: async ({ cluster }) => {
      const fault = async () => {
        await sleep(1_000);
        await cluster.kill(1);
        await sleep(15_000);
        await cluster.start(1);
      };
      const anomalies = await stockFaults(cluster, {
        ...{ partitions: 1, retry: {}, refusedCounts: true, fault },
      });
      return { anomalies, figures: {} };
    },
  },
};

async function run({ cluster, tell }: Trial): Promise<Outcome> {
  const recoveriesMs: number[] = [];
  const result = await echoRun(cluster.kafka, {
    ...{ guarantee: "exactly-once", brokers: cluster.brokers, rate: 1_000 },
    faults: async (world) => {
      await world.reader.firstArrival();
      tell(`kill -9 the broker, start it ${DOWN_MS} ms later`);
      recoveriesMs.push(
        await bounce(cluster, { by: "SIGKILL", broker: 1, downMs: DOWN_MS }, world),
      );
      await world.reader.sees(`${world.feed.written + RECORDS_AFTER}`);
    },
  });
  return {
    anomalies: [...result.anomalies, ...livenessFaults(result, { recoveriesMs })],
    figures: {
      records: result.records,
      "down s": DOWN_MS / 1_000,
      "recovery ms": recoveriesMs.map(Math.round).join(" "),
    },
  };
}
