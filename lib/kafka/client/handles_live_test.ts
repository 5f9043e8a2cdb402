import assert from "node:assert/strict";
import type { PartitionAssigner } from "kafkajs";
import { consumer } from "../consume/consumer.ts";
import { producer } from "../produce/producer.ts";
import { roundRobinAssigner } from "../group/round_robin.ts";
import { numbers, onKafka } from "../../../tests/testkit/live_kafka.ts";

const mod = new URL("../mod.ts", import.meta.url).href;

for (const [signal, code] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
  Deno.test(`a program that gets ${signal} commits what it read and leaves its group at once`, () =>
    onKafka(async ({ kafka, topic, name }) => {
      const of = await topic("signal", 1), group = name("signal");
      await using out = producer(kafka);
      await out.send(of, numbers(0, 5));
      const program = `
        import { connect, consumer } from "${mod}";
        const kafka = await connect();
        const reader = await consumer(kafka, { group: "${group}", topics: "${of}" });
        console.log((await reader.take(3)).length);
        await reader.take(1000, { timeoutMs: 60_000 });`;
      const child = new Deno.Command(Deno.execPath(), {
        args: ["eval", "--no-check", program],
        stdout: "piped",
        stdin: "null",
      }).spawn();
      const stdout = child.stdout.getReader();
      assert.equal(new TextDecoder().decode((await stdout.read()).value), "3\n");
      child.kill(signal);
      assert.equal((await child.status).code, code);
      await stdout.cancel();
      assert.deepEqual((await kafka.groups.describe(group)).members, []);
      const [committed] = await kafka.groups.offsets(group);
      assert.ok(committed!.offset >= 3);
    }));
}

Deno.test("consumer() says that its group could not be shared out", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const broken: PartitionAssigner = (config) => ({
      ...roundRobinAssigner(config),
      assign: () => Promise.reject(new TypeError("no idea whose turn it is")),
    });
    const options = {
      group: name("broken"),
      topics: await topic("broken"),
      partitionAssigners: [broken],
    };
    await assert.rejects(consumer(kafka, options), {
      name: "KafkaError",
      message: /^Cannot read in group "broken\..*": no idea whose turn it is/,
    });
  }));
