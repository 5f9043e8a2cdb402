import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { CompressionCodecs, CompressionTypes, type PartitionAssigner } from "kafkajs";
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

Deno.test("take() says why reading is over for good, instead of waiting for ever", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const of = await topic("snappy", 1), group = name("snappy");
    const codecs = CompressionCodecs as Record<number, unknown>;
    const without = codecs[CompressionTypes.Snappy];
    codecs[CompressionTypes.Snappy] = () => ({
      compress: ({ buffer }: { readonly buffer: Uint8Array }) => Promise.resolve(snappy(buffer)),
    });
    const writer = kafka.client().producer({ createPartitioner: () => () => 0 });
    try {
      await writer.connect();
      const messages = [{ value: "x".repeat(60) }];
      await writer.send({ topic: of, compression: CompressionTypes.Snappy, messages });
    } finally {
      await writer.disconnect();
      codecs[CompressionTypes.Snappy] = without;
    }
    const reader = await consumer(kafka, { group, topics: of });
    const plain =
      /^Cannot read in group "snappy\..*": .* compressed with "snappy": only gzip and zstd are known/;
    await assert.rejects(reader.take(1, { timeoutMs: 60_000 }), {
      name: "KafkaError",
      message: plain,
    });
    await assert.rejects(reader.take(1), { message: plain });
  }));

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

/** Snappy's simplest form: the length, then everything as one literal. */
function snappy(bytes: Uint8Array): Buffer {
  const length = bytes.length;
  assert.ok(length > 60 && length < 128, "one byte each for the length and the literal's length");
  return Buffer.from([length, 60 << 2, length - 1, ...bytes]);
}
