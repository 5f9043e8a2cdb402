/**
 * Exactly once, proven as Kafka does it: every record compared. `chaos/` has more of it.
 */
import assert from "node:assert/strict";
import { connect, type Kafka } from "../lib/kafka/mod.ts";
import { onKafka } from "../lib/kafka/testing.ts";
import { summary } from "./chaos/anomalies.ts";
import { type EchoRun, echoRun, type EchoRunOptions } from "./chaos/echo_run.ts";

const brokers = (Deno.env.get("KAFKA_BROKERS") ?? "").split(",");
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until so many members share the work, and makes sure that each partition has one owner. */
async function assertShared(kafka: Kafka, group: string, members: number): Promise<void> {
  const { members: found } = await kafka.groups.settled(group, { members, timeoutMs: 30_000 });
  const owned = found.flatMap(({ partitions }) =>
    partitions.map(({ topic, partition }) => `${topic} ${partition}`)
  );
  assert.equal(new Set(owned).size, 12, "six partitions in, six of the repartition topic");
  assert.equal(owned.length, 12, "and each has one owner");
  const each = found.map(({ partitions }) => partitions.length);
  assert.ok(Math.max(...each) - Math.min(...each) <= 1, `shared evenly: ${each}`);
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

Deno.test("exactly once: two workers, then three, then one killed, on six partitions under load", async () => {
  await using kafka = await connect();
  const run = await runOf({
    guarantee: "exactly-once",
    partitions: 6,
    faults: async ({ fleet, run: group }) => {
      await assertShared(kafka, group, 2);
      await sleep(1_500);
      fleet.add();
      await assertShared(kafka, group, 3);
      await sleep(1_500);
      fleet.kill(0, { forGood: true });
      await assertShared(kafka, group, 2);
      await sleep(1_500);
    },
  });
  tell("two, three, two", run);
  assert.deepEqual(summary(run.anomalies), []);
});
