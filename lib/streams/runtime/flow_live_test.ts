/** How far ahead a worker reads on a real Kafka. */
import assert from "node:assert/strict";
import { connect, producer } from "../../kafka/mod.ts";
import { app, json, string, topic } from "../mod.ts";
import { drain, resetApplication, rowsOf, Worker } from "./mod.ts";

Deno.test("Worker reads on after an answer in which every record was refused", async () => {
  await using kafka = await connect();
  const source = `flow-${crypto.randomUUID().slice(0, 8)}`;
  await kafka.topics.create(source, { partitions: 1 });
  const counts = app(`${source}.count`, { onError: { decode: "skip" } });
  counts.stream(topic(source, { key: string, value: json<number>() })).filter((n) => n! > 0)
    .groupByKey().count("all");
  await using out = producer(kafka, { key: string, value: string });
  try {
    // A byte may wait: each answer stops the reading until it is processed.
    await using worker = await Worker.start(kafka, counts.topology(), { bufferedBytes: 1 });
    for (const value of ["{broken", "1"]) {
      await out.send(source, { key: "a", value });
      await drain(worker);
    }
    assert.deepEqual([...rowsOf(worker, "all")].map(({ key, value }) => [key, value]), [["a", 1]]);
  } finally {
    await resetApplication(kafka, counts.id);
    await kafka.topics.delete(source);
  }
});
