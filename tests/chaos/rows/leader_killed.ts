import { sleep } from "../../../lib/async/mod.ts";
import { until } from "../../own_brokers.ts";
import { livenessFaults } from "../broker_faults.ts";
import type { Cluster } from "../clusters.ts";
import { echoRun } from "../echo_run.ts";
import type { Outcome, Row, Trial } from "../row.ts";
import { stockFaults } from "../stock_writer.ts";

const PARTITIONS = 3;

/** Three brokers lose one after another. */
export const leaderKilled: Row = {
  id: "R7",
  name: "leader-killed",
  about:
    "of three brokers each partition's leader is killed in turn: all goes on without it, exactly once",
  brokers: 3,
  gate: false,
  rounds: 5,
  gateRounds: 1,
  run,
  control: {
    about:
      "kafkajs as it comes, sends overlapping: what waited for a leader comes in another order",
    finds: ["reorder"],
    run: async ({ cluster }) => {
      const fault = async () => {
        await sleep(1_000);
        await cluster.kill(2);
        await sleep(4_000);
        await cluster.start(2);
      };
      const anomalies = await stockFaults(cluster, { partitions: PARTITIONS, fault });
      return { anomalies, figures: {} };
    },
  },
};

async function run({ cluster, round, random, tell }: Trial): Promise<Outcome> {
  const recoveriesMs: number[] = [];
  let longestWaitMs = 0;
  const result = await echoRun(cluster.kafka, {
    guarantee: "exactly-once",
    ...{ brokers: cluster.brokers, partitions: PARTITIONS, rate: 1_000 },
    faults: async ({ reader, feed, topics }) => {
      await reader.firstArrival();
      const afterMs = Math.round(1_000 + 1_000 * random());
      const { partitions } = await cluster.kafka.topics.describe(topics.echo);
      const leader = partitions[round % PARTITIONS]!.leader;
      tell(`${afterMs} ms later, kill -9 broker ${leader}`);
      await sleep(afterMs);
      await cluster.kill(leader);
      recoveriesMs.push(await reader.sees(`${feed.written}`));
      await reader.sees(`${feed.written + 1_000}`);
      longestWaitMs = feed.longestWaitMs;
      await cluster.start(leader);
      await complete(cluster, topics.echo);
    },
  });
  return {
    anomalies: [...result.anomalies, ...livenessFaults(result, { recoveriesMs })],
    figures: {
      records: result.records,
      "without it after ms": recoveriesMs.map(Math.round).join(" "),
      "longest send ms": Math.round(longestWaitMs),
    },
  };
}

/** Waits until every broker has all records again. */
async function complete({ kafka }: Cluster, topic: string): Promise<void> {
  await until("the broker's copies to be complete", async () => {
    const { partitions } = await kafka.topics.describe(topic);
    return partitions.every(({ inSync }) => inSync.length === 3) ? true : undefined;
  });
}
