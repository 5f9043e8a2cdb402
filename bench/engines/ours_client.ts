/** Our own client, as `bench/peers/clients.ts` runs the others: `ours_client.ts produce|consume TOPIC RECORDS`. */
import { bytes, connect, consumer, producer, string } from "../../lib/kafka/mod.ts";
import { type Client, turn } from "./client_work.ts";

const kafka = await connect();

const ours: Client = {
  // deno-lint-ignore require-await -- the others have to connect first.
  async producer(topic, compression) {
    const out = producer(kafka, { key: string, value: string, compression });
    return (records) => out.send(topic, records);
  },
  // deno-lint-ignore require-await
  async consumer(topic) {
    return async (sum) => {
      const group = `bench-${crypto.randomUUID()}`;
      const reader = await consumer(kafka, { group, topics: topic, key: bytes, value: bytes });
      for (;;) for (const { value } of await reader.batch()) sum.add(value!.length);
    };
  },
};

await turn(ours, Deno.args);
Deno.exit(0);
