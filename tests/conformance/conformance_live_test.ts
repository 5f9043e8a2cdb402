/** The scenarios' topologies on a real Kafka, over several partitions: the same final tables as under the driver. */
import assert from "node:assert/strict";
import { onKafka } from "../testkit/live_kafka.ts";
import { type Kafka, producer, readAll, string } from "../../lib/kafka/mod.ts";
import { type App, TestDriver } from "../../lib/streams/mod.ts";
import { drain, resetApplication, Worker } from "../../lib/streams/runtime/mod.ts";
import { buildScenario, scenarioTopic } from "./build.ts";
import { parseScenario, type Scenario } from "./scenario.ts";

/** A few of each family. */
const NAMES = [
  "branch-at-40",
  "filter-map-merge",
  "count-by-key",
  "select-key-then-count",
  "sum-max-min",
  "table-regroup-sum",
  "table-table-outer",
  "stream-table-left",
  "stream-globaltable-left",
  "stream-stream-outer",
  "tumbling-1m-grace-1h-sum",
  "hopping-5m-by-1m",
  "sliding-1m",
  "session-45s",
];
const PARTITIONS = 3;
/** What is late depends on how partitions happen to interleave, so here nothing is. */
const GRACE_MS = 86_400_000;

/** Topic -> key -> its last value. */
type Tables = Record<string, Record<string, unknown>>;

for (const [i, name] of NAMES.entries()) {
  const guarantee = i % 2 === 0 ? "exactly-once" : "at-least-once";
  Deno.test(`conformance on Kafka, ${PARTITIONS} partitions, ${guarantee}: ${name}`, () =>
    onKafka(async ({ kafka, topic, name: unique }) => {
      const scenario = await read(name), sinks = topicsOf(scenario, "to");
      const used = new Map<string, string>();
      for (const one of new Set([...scenario.input.map((record) => record.topic), ...sinks])) {
        used.set(one, await topic(one, PARTITIONS));
      }
      const here = renamed(scenario, (one) => used.get(one)!, unique(name));
      const built = buildScenario(here);
      await write(kafka, here);
      const worker = await Worker.start(kafka, built.topology(), { guarantee });
      await drain(worker);
      await worker.stop();
      const outputs = sinks.map((sink) => used.get(sink)!);
      try {
        assert.deepEqual(
          await tablesOnKafka(kafka, outputs),
          await tablesOfDriver(built, here, outputs),
        );
      } finally {
        await resetApplication(kafka, built.id);
      }
    }));
}

async function read(name: string): Promise<Scenario> {
  return parseScenario(
    await Deno.readTextFile(new URL(`./scenarios/${name}.json`, import.meta.url)),
  );
}

function topicsOf({ topology }: Scenario, op: string): string[] {
  return [...new Set(topology.filter((step) => step.op === op).map((step) => step.topic!))];
}

/** The same scenario on other topics, with windows that wait long enough. */
function renamed(scenario: Scenario, to: (topic: string) => string, name: string): Scenario {
  return {
    ...scenario,
    name,
    topology: scenario.topology.map((step) => ({
      ...step,
      ...(step.topic === undefined ? {} : { topic: to(step.topic) }),
      ...(step.grace === undefined ? {} : { grace: GRACE_MS }),
    })),
    input: scenario.input.map((record) => ({ ...record, topic: to(record.topic) })),
  };
}

async function write(kafka: Kafka, { input }: Scenario): Promise<void> {
  await using out = producer(kafka, { key: string });
  for (const { topic, key, value, timestamp } of input) {
    void out.send(topic, { key, value, timestamp });
  }
  await out.flush();
}

async function tablesOfDriver(
  built: App,
  scenario: Scenario,
  outputs: readonly string[],
): Promise<Tables> {
  using driver = new TestDriver(built, { partitions: PARTITIONS });
  const globals = new Set(topicsOf(scenario, "globalTable"));
  const first = scenario.input.filter(({ topic }) => globals.has(topic));
  const others = scenario.input.filter(({ topic }) => !globals.has(topic));
  for (const part of [first, others]) {
    for (const { topic, key, value, timestamp } of part) {
      driver.enqueue(scenarioTopic(topic), { key, value, timestamp });
    }
    await driver.run();
  }
  return Object.fromEntries(outputs.map((topic) => [
    topic,
    last(driver.read(topic).map(({ key, value }) => [JSON.stringify(key), value])),
  ]));
}

async function tablesOnKafka(kafka: Kafka, outputs: readonly string[]): Promise<Tables> {
  const entries = outputs.map(async (topic) => {
    const records = await readAll(kafka, topic, { key: string });
    const pairs = records.map(({ key, value }): [string, unknown] => [
      // A windowed key is JSON already; any other is the bare text.
      key?.startsWith("{") ? key : JSON.stringify(key),
      value,
    ]);
    return [topic, last(pairs)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** A null value is a deletion; records without a key have no place of their own. */
function last(pairs: readonly [string, unknown][]): Record<string, unknown> {
  const table = Object.fromEntries(pairs.filter(([key]) => key !== "null"));
  for (const [key, value] of Object.entries(table)) if (value === null) delete table[key];
  return table;
}
