/** Reads far less than there is: what it has not asked for must wait in Kafka, not in its memory. */
import { sleep } from "../../lib/async/mod.ts";
import { connect, consumer, string } from "../../lib/kafka/mod.ts";

const [group, topic] = Deno.args;
const kafka = await connect({ onNotice: () => {} });
const reader = await consumer(kafka, { group: group!, topics: topic!, key: string, value: string });
for (;;) {
  await reader.batch({ max: 100, timeoutMs: 1_000 });
  await sleep(10);
}
