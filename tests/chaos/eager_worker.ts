/**
 * A worker that commits what it has read before it writes what it made of it: the control of "nothing is lost".
 *
 * @module
 */
import { sleep } from "../../lib/async/mod.ts";
import { connect, consumer, producer, string } from "../../lib/kafka/mod.ts";
import { echoTopics } from "./echo_app.ts";

const [run, , sessionTimeoutMs] = Deno.args;
const topics = echoTopics(run!);
const kafka = await connect({ onNotice: () => {} });
const out = producer(kafka, { key: string, value: string });
const reader = await consumer(kafka, {
  ...{ group: run!, topics: topics.input, autoCommit: false, key: string, value: string },
  sessionTimeoutMs: Number(sessionTimeoutMs),
});
for (;;) {
  const records = await reader.batch({ max: 500, timeoutMs: 1_000 });
  await reader.commit();
  await sleep(50);
  await out.send(topics.echo, records.map(({ key, value }) => ({ key: key!, value: value! })));
}
