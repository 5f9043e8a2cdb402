/** What takes three brokers and more time than the plain test has: notebook 21, and ten deaths of a leader counted. */
import assert from "node:assert/strict";
import { throwawayCluster } from "../lib/cluster/mod.ts";
import { connect, type Kafka, producer, readAll } from "../lib/kafka/mod.ts";
import { ownCheckout } from "./own_checkout.ts";
import { until } from "./own_brokers.ts";

const RUNS = 10, RECORDS = 10_000, UNCOPIED = 500;

Deno.test("deno task course runs notebook 21 on three brokers of its own", async () => {
  await using checkout = await ownCheckout();
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "tasks/course.ts", "21", "--both", "--json"],
    cwd: checkout.folder,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const told = JSON.parse(new TextDecoder().decode(stdout).trim());
  assert.deepEqual(told.wrong, []);
  assert.equal(code, 0);
});

const leaderOf = async (kafka: Kafka, topic: string) =>
  (await kafka.topics.describe(topic)).partitions[0]!.leader;

const others = async (kafka: Kafka, topic: string, dead: number) =>
  await until(`another leader than ${dead}`, async () => {
    const leader = await leaderOf(kafka, topic);
    return leader !== dead && leader > 0 ? leader : undefined;
  });

/** Records that were acknowledged, and are not in the log. */
async function lost(kafka: Kafka, topic: string, acknowledged: number): Promise<number> {
  const log = await readAll<unknown, number>(kafka, topic);
  return acknowledged - new Set(log.map(({ value }) => value)).size;
}

Deno.test("ten deaths of a leader: acks=all loses nothing of 10,000, acks=1 what nobody has copied", async () => {
  const cluster = await throwawayCluster({
    ...{ name: "acks", brokers: 3, heapMegabytes: 128 },
    settings: { "replica.lag.time.max.ms": "60000" },
  });
  const settings = { brokers: cluster.brokers, local: false, ssl: false };
  const kafka = await connect({ settings, onNotice: () => {} });
  const table: { run: number; all: number; one: number }[] = [];
  try {
    for (let run = 1; run <= RUNS; run++) {
      const all = `all-${run}`, one = `one-${run}`;
      for (const topic of [all, one]) await kafka.topics.create(topic, { partitions: 1 });
      const out = producer(kafka), quick = producer(kafka, { acks: 1 });
      let first: Promise<void> | undefined, dead = 0;
      for (let n = 0; n < RECORDS; n += 100) {
        if (n === RECORDS / 2) first = cluster.kill(dead = await leaderOf(kafka, all));
        await out.send(all, Array.from({ length: 100 }, (_, i) => ({ value: n + i })));
      }
      await first;
      await cluster.start(dead);
      await until("three copies in sync", async () => {
        const [copies] = (await kafka.topics.describe(one)).partitions;
        return copies!.inSync.length === 3 ? true : undefined;
      });
      const leader = await leaderOf(kafka, one);
      await cluster.cutWire(leader);
      await quick.send(one, Array.from({ length: UNCOPIED }, (_, value) => ({ value })));
      await cluster.kill(leader);
      await others(kafka, one, leader);
      table.push({
        run,
        all: await lost(kafka, all, RECORDS),
        one: await lost(kafka, one, UNCOPIED),
      });
      await cluster.mendWire(leader);
      await cluster.start(leader);
      for (const writer of [out, quick]) await writer.close();
    }
  } finally {
    console.table(table);
    await kafka.close();
    await cluster.close();
  }
  assert.deepEqual(table.map(({ all }) => all), new Array(RUNS).fill(0));
  assert.deepEqual(table.map(({ one }) => one), new Array(RUNS).fill(UNCOPIED));
});
