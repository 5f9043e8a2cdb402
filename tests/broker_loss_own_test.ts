import assert from "node:assert/strict";
import { killBroker, startBroker } from "../lib/cluster/mod.ts";
import { consumer, type Kafka, producer, readAll } from "../lib/kafka/mod.ts";
import { until, withBrokers } from "./own_brokers.ts";

interface Numbered {
  readonly number: number;
}

/** Writes numbers in small batches until stopped; gives what was acknowledged. */
function writeNumbers(kafka: Kafka, topic: string) {
  const acknowledged: number[] = [];
  let stopped = false;
  const writing = (async () => {
    await using out = producer<unknown, Numbered>(kafka);
    for (let next = 0; !stopped; next += 6) {
      // Six records over six partitions: each request spans every broker.
      const batch = Array.from({ length: 6 }, (_, i) => ({ value: { number: next + i } }));
      await out.send(topic, batch);
      acknowledged.push(...batch.map(({ value }) => value.number));
    }
  })();
  const stop = async () => {
    stopped = true;
    await writing;
    return acknowledged;
  };
  return { acknowledged, stop };
}

/** Reads in a group until stopped; gives what was seen. */
async function readNumbers(kafka: Kafka, topic: string) {
  const seen: number[] = [];
  const reader = await consumer<unknown, Numbered>(kafka, {
    group: "broker-loss",
    topics: topic,
  });
  const reading = (async () => {
    for await (const { value } of reader.records()) seen.push(value!.number);
  })();
  const stop = async () => {
    await reader.close();
    await reading;
  };
  return { seen, stop };
}

const more = (list: readonly number[], than: number) => () =>
  Promise.resolve(list.length > than ? true : undefined);

Deno.test("three brokers, one killed: writing and reading go on, nothing acknowledged is lost or doubled", () =>
  withBrokers(3, async ({ kafka, config }) => {
    await kafka.topics.create("numbers", { partitions: 6 });
    await kafka.topics.configure("numbers", { "retention.ms": "3600000" });
    assert.equal((await kafka.topics.config("numbers"))["retention.ms"], "3600000");
    const writer = writeNumbers(kafka, "numbers");
    const reader = await readNumbers(kafka, "numbers");
    await until("the first records", more(reader.seen, 600));
    // Broker 1 leads two of the six partitions, and is the one that clients were told of first.
    await killBroker(1, { config });
    const written = writer.acknowledged.length, read = reader.seen.length;
    await until("records written without the broker", more(writer.acknowledged, written + 300));
    await until("records read without the broker", more(reader.seen, read + 300));
    await startBroker(1, { config });
    await until("the broker's copies to be complete", async () => {
      const { partitions } = await kafka.topics.describe("numbers");
      return partitions.every(({ inSync }) => inSync.length === 3) ? true : undefined;
    });
    const acknowledged = await writer.stop();
    const log = await readAll<unknown, Numbered>(kafka, "numbers");
    const logged = log.map(({ value }) => value!.number);
    assert.deepEqual(
      logged.toSorted((a, b) => a - b),
      acknowledged,
      "acknowledged = in the log, once",
    );
    for (const [partition, records] of Map.groupBy(log, (one) => one.partition)) {
      const inOrder = records.every(({ value }, i) =>
        i === 0 || value!.number > records[i - 1]!.value!.number
      );
      assert.ok(inOrder, `partition ${partition} is in order`);
    }
    await until(
      "everything to be read",
      () => Promise.resolve(new Set(reader.seen).size === acknowledged.length ? true : undefined),
    );
    await reader.stop();
  }));

Deno.test("one broker, killed and started: clients wait, say so in one line, and go on", () =>
  withBrokers(1, async ({ kafka, config, notices }) => {
    await kafka.topics.create("numbers", { partitions: 6 });
    const writer = writeNumbers(kafka, "numbers");
    const reader = await readNumbers(kafka, "numbers");
    await until("the first records", more(reader.seen, 60));
    await killBroker(1, { config });
    await until(
      "a line about it",
      () => Promise.resolve(notices.find(({ text }) => /does not answer, retrying/.test(text))),
    );
    await startBroker(1, { config });
    const written = writer.acknowledged.length;
    await until("records written afterwards", more(writer.acknowledged, written + 60));
    const acknowledged = await writer.stop();
    const logged = (await readAll<unknown, Numbered>(kafka, "numbers"))
      .map(({ value }) => value!.number).sort((a, b) => a - b);
    assert.deepEqual(logged, acknowledged);
    await until(
      "everything to be read",
      () => Promise.resolve(new Set(reader.seen).size === acknowledged.length ? true : undefined),
    );
    await reader.stop();
    const aboutBroker = notices.map(({ text }) => text.replace(/\d+ s/, "n s"))
      .filter((text) => text.startsWith("Kafka at "));
    // On a slow machine the broker may be back before its partitions are: that is told, too, once for each that waits.
    const lines = new Set(aboutBroker);
    assert.ok(lines.size <= 2, [...lines].join("\n"));
  }));
