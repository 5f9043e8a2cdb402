import assert from "node:assert/strict";
import { schemaRegistry } from "../../../avro/mod.ts";
import type { Kafka } from "../../../kafka/mod.ts";
import * as changes from "./changes.ts";
import { topicName } from "./changes.ts";

/** Fails when it is reached. */
const untouched = new Proxy({}, {
  get: (_, name) => assert.fail(`Kafka was asked: ${String(name)}`),
}) as Kafka;
/** Knows one group, and nothing else. */
const withGroup = { groups: { list: () => Promise.resolve(["app"]) } } as unknown as Kafka;
const registry = schemaRegistry({ url: "http://localhost:1", retryForMs: 1 });

Deno.test("changes leave what Kafka and programs keep for themselves", async () => {
  const topics = ["__consumer_offsets", "app-trips-changelog", "app-x-repartition", "app-status"];
  for (const topic of topics) {
    const wish = {
      topic,
      confirm: topic,
      partitions: 1,
      config: { "retention.ms": "1" },
      value: "1",
    };
    const { createTopic, changeTopic, deleteTopic, clearTopic, produce } = changes;
    for (const change of [createTopic, changeTopic, deleteTopic, clearTopic]) {
      await assert.rejects(async () => await change(withGroup, wish), /keeps its own state there$/);
    }
    await assert.rejects(produce(withGroup, registry, wish), /keeps its own state there$/);
  }
});

Deno.test("changes take a topic that only ends like a program's own", async () => {
  const asked = { ...withGroup, topics: { delete: (topic: string) => Promise.resolve(topic) } };
  for (const topic of ["order-status", "my-changelog"]) {
    await changes.deleteTopic(asked as unknown as Kafka, { topic, confirm: topic });
  }
});

Deno.test("changes that delete want the name typed again; createTopic() makes 50 partitions at most", async () => {
  for (const confirm of [undefined, "", "RIDES", "rides "]) {
    for (const change of [changes.deleteTopic, changes.clearTopic]) {
      await assert.rejects(
        async () => await change(untouched, { topic: "rides", confirm }),
        /its name was not typed again$/,
      );
    }
    await assert.rejects(
      async () => await changes.deleteGroup(untouched, { group: "g", confirm }),
      /its name was not typed again$/,
    );
  }
  for (const partitions of [0, 51, 1.5, "", "many", null, [60]]) {
    await assert.rejects(
      async () => await changes.createTopic(untouched, { topic: "rides", partitions }),
      { name: "RangeError", message: /whole number from 1 to 50$/ },
    );
  }
});

Deno.test("topicName() takes what Kafka takes, and nothing else", () => {
  assert.equal(
    topicName({ topic: "datatalkclub.yellow_taxi-ride.1" }),
    "datatalkclub.yellow_taxi-ride.1",
  );
  for (
    const topic of ["", ".", "..", "a/b", "a b", "<img>", "x".repeat(250), 7, null, undefined, {}]
  ) {
    assert.throws(() => topicName({ topic }), { name: "TypeError", message: /as a topic name/ });
  }
});
