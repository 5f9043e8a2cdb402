import assert from "node:assert/strict";
import { type Kafka, KafkaError } from "../../kafka/mod.ts";
import { app, int64, string, topic } from "../mod.ts";
import type { WorkerEvent } from "./context.ts";
import { prepareTopics } from "./internal_topics.ts";

const TOTALS = "trips.app-totals-changelog";

/** A Kafka with the source and the changelog; answers about the changelog's settings as the test wants. */
function kafkaWith(config: () => Promise<Record<string, string>>): Kafka {
  const topics = {
    list: () => Promise.resolve(["rides", TOTALS]),
    mustExist: () => Promise.resolve(),
    describe: () => Promise.resolve({ partitions: [{}, {}] }),
    config,
    create: (name: string) => assert.fail(`made "${name}"`),
  };
  return { topics } as unknown as Kafka;
}

/** Starts an application that counts; gives the events of its start. */
async function started(config: () => Promise<Record<string, string>>): Promise<WorkerEvent[]> {
  const trips = app("trips.app"), events: WorkerEvent[] = [];
  trips.stream(topic("rides", { key: string, value: string })).groupByKey()
    .count("totals", { value: int64 });
  await prepareTopics(kafkaWith(config), trips.topology(), (event) => events.push(event));
  return events;
}

Deno.test("prepareTopics() refuses a changelog that is not compacted", async () => {
  await assert.rejects(started(() => Promise.resolve({ "cleanup.policy": "delete" })), {
    name: "KafkaError",
    message:
      `Cannot start "trips.app": its topic "${TOTALS}" has cleanup.policy=delete, and loses rows or ` +
      "records that count (set cleanup.policy=compact on it, or reset the application)",
  });
});

Deno.test("prepareTopics() tells of every other setting that differs", async () => {
  const found = { "cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime" };
  const events = await started(() => Promise.resolve(found));
  assert.deepEqual(events, [{
    kind: "differs",
    topic: TOTALS,
    setting: "message.timestamp.type",
    found: "LogAppendTime",
    wanted: "CreateTime",
  }]);
});

Deno.test("prepareTopics() does not need the right to read settings, and passes on every other failure", async () => {
  const failing = (code: string) => () => Promise.reject(new KafkaError(code, { code }));
  assert.deepEqual(await started(failing("TOPIC_AUTHORIZATION_FAILED")), []);
  await assert.rejects(started(failing("UNKNOWN_SERVER_ERROR")), { name: "KafkaError" });
});
