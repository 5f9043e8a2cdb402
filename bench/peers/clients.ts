/**
 * Other Kafka clients, writing and reading: `clients.ts kafkajs|platformatic produce|consume TOPIC RECORDS`.
 *
 * Needs `--config bench/peers/deno.json` and `KAFKA_BROKERS`. Their own settings, but for acks=all (-1; kafkajs's own)
 * and where reading begins. Written in arrays of 1,000 records, each awaited; read as fast as each can: kafkajs by
 * `eachBatch`, platformatic by its stream's `data` events. Keys and values stay bytes on the way in.
 */
import { Consumer, Producer, stringSerializers } from "@platformatic/kafka";
import kafkajs from "kafkajs";
import process from "node:process";
import { type Sum, type TextRecord, turn } from "../engines/client_work.ts";

const [library, ...rest] = process.argv.slice(2);
const brokers = process.env.KAFKA_BROKERS!.split(","), groupId = `bench-${crypto.randomUUID()}`;
const { CompressionTypes, Kafka, logLevel } = kafkajs;
const client = new Kafka({ brokers, logLevel: logLevel.ERROR });

const libraries = {
  kafkajs: {
    async producer(topic: string, packed: "none" | "gzip") {
      const producer = client.producer();
      await producer.connect();
      const compression = packed === "gzip" ? CompressionTypes.GZIP : CompressionTypes.None;
      return (messages: TextRecord[]) => producer.send({ topic, messages, acks: -1, compression });
    },
    async consumer(topic: string) {
      const consumer = client.consumer({ groupId });
      await consumer.connect();
      await consumer.subscribe({ topics: [topic], fromBeginning: true });
      return (sum: Sum) => {
        const eachBatch = async ({ batch }: { batch: { messages: { value: Uint8Array | null }[] } }) => {
          for (const { value } of batch.messages) sum.add(value!.length);
        };
        void consumer.run({ eachBatch });
      };
    },
  },
  platformatic: {
    async producer(topic: string, compression: "none" | "gzip") {
      const producer = new Producer({ clientId: "bench", bootstrapBrokers: brokers, serializers: stringSerializers });
      await producer.metadata({ topics: [topic] });
      return (batch: TextRecord[]) =>
        producer.send({ messages: batch.map((one) => ({ topic, ...one })), acks: -1, compression });
    },
    async consumer(topic: string) {
      const consumer = new Consumer({ groupId, clientId: "bench", bootstrapBrokers: brokers });
      await consumer.metadata({ topics: [topic] });
      return async (sum: Sum) => {
        const stream = await consumer.consume({ topics: [topic], mode: "earliest", autocommit: true });
        stream.on("data", ({ value }: { value: Uint8Array }) => sum.add(value.length));
      };
    },
  },
};

await turn(libraries[library as keyof typeof libraries], rest);
process.exit(0);
