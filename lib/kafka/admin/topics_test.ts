import assert from "node:assert/strict";
import type { Kafka } from "../client/connect.ts";
import { inPlainWords } from "../client/errors.ts";
import { Topics } from "./topics.ts";

const UNKNOWN_TOPIC_OR_PARTITION = 3, TOPIC_ALREADY_EXISTS = 36;

/** Topics of one broker that answers each request with the next answer to it; the last one again and again. */
function topicsOf(answers: Readonly<Record<string, unknown[]>>) {
  const asked: string[] = [];
  const broker = {
    versionOf: () => 4,
    send: ({ name }: { readonly name: string }) => {
      asked.push(name);
      const [next, ...rest] = answers[name]!;
      if (rest.length > 0) answers[name]!.shift();
      return Promise.resolve(next);
    },
  };
  const of = () => Promise.resolve(broker);
  const cluster = { anyBroker: of, broker: of, close: () => Promise.resolve() };
  const asking = (who: unknown) => async (doing: string, ask: (who: unknown) => unknown) => {
    try {
      return await ask(who);
    } catch (error) {
      throw inPlainWords(error, doing);
    }
  };
  const kafka = {
    askController: asking(broker),
    askCluster: asking(cluster),
    cluster: () => cluster,
    brokers: () => Promise.resolve([{ broker: 1 }]),
    stopSignal: () => undefined,
  };
  return { asked, topics: new Topics(kafka as unknown as Kafka) };
}

const metadata = (errorCode: number) => ({
  brokers: [],
  topics: [{ topic: "t", errorCode, partitions: [{ partition: 0, leader: 1 }] }],
});

Deno.test("topics.create() makes a topic whose deletion goes on, as soon as it is over", async () => {
  const { topics, asked } = topicsOf({
    CreateTopics: [{ errorCode: TOPIC_ALREADY_EXISTS }, { errorCode: TOPIC_ALREADY_EXISTS }, {
      errorCode: 0,
    }],
    Metadata: [
      metadata(UNKNOWN_TOPIC_OR_PARTITION),
      metadata(UNKNOWN_TOPIC_OR_PARTITION),
      metadata(0),
    ],
  });
  const made = await topics.create("t", { partitions: 1 });
  assert.deepEqual(made, { topic: "t", partitions: 1, created: true });
  assert.equal(asked.filter((name) => name === "CreateTopics").length, 3);
});

Deno.test("topics.create() finds a topic that somebody else has just made", async () => {
  const { topics } = topicsOf({
    CreateTopics: [{ errorCode: TOPIC_ALREADY_EXISTS }],
    Metadata: [metadata(UNKNOWN_TOPIC_OR_PARTITION), metadata(0)],
  });
  const found = await topics.create("t", { partitions: 1 });
  assert.deepEqual(found, { topic: "t", partitions: 1, created: false });
});
