/** A broker that asks who you are: everything that `KAFKA_USERNAME` and its like promise. TLS needs a certificate and is not here. */
import assert from "node:assert/strict";
import { connect, consumer, type Kafka, producer } from "../lib/kafka/mod.ts";
import { kafkaSettings } from "../lib/settings/mod.ts";
import { app, int64, string, topic } from "../lib/streams/mod.ts";
import { drain, rowsOf, Worker } from "../lib/streams/runtime/mod.ts";
import { login, MECHANISMS, withLogins } from "./login_broker.ts";

async function countsThrough(kafka: Kafka, source: string): Promise<void> {
  await kafka.topics.create(source, { partitions: 1 });
  const counts = app(`${source}-counts`);
  counts.stream(topic(source, { key: string, value: string })).groupByKey()
    .count("all", { value: int64 });
  await using worker = await Worker.start(kafka, counts.topology(), {
    guarantee: "exactly-once",
  });
  await using out = producer(kafka, { key: string, value: string });
  await out.send(source, [{ key: "a", value: "1" }, { key: "a", value: "2" }]);
  await drain(worker);
  assert.deepEqual([...rowsOf(worker, "all")].map(({ value }) => value), [2]);
  await using reader = await consumer(kafka, {
    group: `${source}-reader`,
    topics: source,
    key: string,
    value: string,
  });
  const seen = await reader.take(2, { timeoutMs: 30_000 });
  assert.deepEqual(seen.map(({ value }) => value), ["1", "2"]);
}

Deno.test("a login opens a broker that asks for one, and without it the error says so", async () => {
  await withLogins(async ({ port }) => {
    for (const mechanism of MECHANISMS) {
      await using kafka = await login(port, { mechanism });
      await countsThrough(kafka, `words-${mechanism.toLowerCase()}`);
    }
    const broker = `Cannot reach Kafka at "localhost:${port}":`;
    await assert.rejects(login(port, { mechanism: "SCRAM-SHA-512", password: "other" }), {
      message: `${broker} the log-in was refused (check KAFKA_USERNAME, KAFKA_PASSWORD and ` +
        "KAFKA_SASL_MECHANISM)",
    });
    const settings = kafkaSettings(new Map([["KAFKA_BROKERS", `localhost:${port}`]]));
    await assert.rejects(connect({ settings, onNotice: () => {} }), {
      message: `${broker} something listens there, and closes the connection ` +
        "(does it need KAFKA_SSL=true, or a log-in: KAFKA_USERNAME and " +
        "KAFKA_PASSWORD?)",
    });
  });
});
