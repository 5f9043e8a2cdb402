import assert from "node:assert/strict";
import { connect } from "../client/connect.ts";
import { producer } from "../produce/producer.ts";
import { emptyTopic } from "./delete_records.ts";
import { numbers, onKafka } from "../../../tests/testkit/live_kafka.ts";

Deno.test("connect() says within seconds that nothing answers, and what to do", async () => {
  const settings = { brokers: ["localhost:1"], local: true, ssl: false };
  await assert.rejects(connect({ settings }), {
    name: "KafkaError",
    message: 'Cannot reach Kafka at "localhost:1": connection refused (run "deno task up")',
  });
});

Deno.test("connect() says that something else answers", async () => {
  const server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const answering = (async () => {
    for await (const connection of server) {
      connection.read(new Uint8Array(1024)).then(() => connection.close(), () => {});
    }
  })();
  const broker = `127.0.0.1:${server.addr.port}`;
  const settings = { brokers: [broker], local: false, ssl: false };
  await assert.rejects(connect({ settings, onNotice: () => {} }), {
    name: "KafkaError",
    message: /^Cannot reach Kafka at "127.0.0.1:\d+": something listens there, /,
  });
  server.close();
  await answering;
});

Deno.test("brokers() lists the brokers of the cluster by number", () =>
  onKafka(async ({ kafka }) => {
    const brokers = await kafka.brokers();
    assert.equal(brokers[0]?.broker, 1);
    assert.match(brokers[0].address, /^localhost:\d+$/);
    assert.equal(brokers.filter(({ controller }) => controller).length, 1);
  }));

Deno.test("topics.create() is safe to repeat, and says when the topic is another", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("create");
    assert.deepEqual(await kafka.topics.create(name), {
      topic: name,
      partitions: 2,
      created: false,
    });
    await assert.rejects(kafka.topics.create(name, { partitions: 3 }), {
      name: "KafkaError",
      message: /^Cannot create topic ".*" with 3 partitions: it exists with 2 \(/,
    });
  }));

Deno.test("topics.create() says what is wrong with a name, a setting or the replicas", () =>
  onKafka(async ({ kafka, name }) => {
    await assert.rejects(kafka.topics.create("a b"), /the name is not allowed/);
    const unknown = { config: { "retention.mss": "1" } };
    await assert.rejects(
      kafka.topics.create(name("x"), unknown),
      /Kafka refuses a setting: Unknown topic config name: retention.mss/,
    );
    await assert.rejects(kafka.topics.create(name("x"), { replicas: 9 }), /fewer brokers/);
  }));

Deno.test("topics.describe(), config() and configure() show and change a topic", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("describe");
    const { partitions } = await kafka.topics.describe(name);
    assert.deepEqual(partitions.map((one) => one.partition), [0, 1]);
    await kafka.topics.configure(name, { "max.message.bytes": "5000" });
    const config = await kafka.topics.config(name);
    assert.deepEqual([config["retention.ms"], config["max.message.bytes"]], ["-1", "5000"]);
    await kafka.topics.addPartitions(name, 3);
    assert.equal((await kafka.topics.describe(name)).partitions.length, 3);
  }));

Deno.test("topics.delete() waits until the topic is gone, and finds a missing one fine", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const there = await topic("delete");
    assert.deepEqual(await kafka.topics.delete([there, name("never")]), [there]);
    assert.equal(await kafka.topics.exists(there), false);
    assert.equal((await kafka.topics.create(there, { partitions: 1 })).created, true);
  }));

Deno.test("topics say plainly that a topic does not exist", () =>
  onKafka(async ({ kafka, name }) => {
    const missing = name("missing");
    await assert.rejects(kafka.topics.describe(missing), /does not exist \(create it with/);
    await assert.rejects(kafka.topics.endOffsets(missing), /it does not exist \(create it with/);
  }));

Deno.test("topics know begin and end offsets, offsets at a time, and sizes", () =>
  onKafka(async ({ kafka, topic }) => {
    const name = await topic("offsets");
    await using out = producer(kafka);
    const records = numbers(0, 10).map((one, i) => ({ ...one, timestamp: 1000 + i }));
    await out.send(name, records);
    assert.deepEqual(await kafka.topics.beginOffsets(name), [0, 0]);
    assert.deepEqual(await kafka.topics.endOffsets(name), [5, 5]);
    assert.deepEqual(await kafka.topics.offsetsAt(name, 1004), [2, 2]);
    assert.deepEqual(await kafka.topics.offsetsAt(name, 5000), [5, 5]);
    assert.deepEqual(await kafka.topics.sizes([name]), [{
      topic: name,
      partitions: 2,
      records: 10,
    }]);
  }));

Deno.test("emptyTopic() empties a topic, and says why it does not empty a compacted one", () =>
  onKafka(async ({ kafka, topic, name }) => {
    await using out = producer(kafka);
    const plain = await topic("emptied", 1), compacted = name("compacted");
    await out.send(plain, numbers(0, 3));
    assert.equal(await emptyTopic(kafka, plain), 3);
    assert.deepEqual(await kafka.topics.beginOffsets(plain), [3]);
    const config = { "cleanup.policy": "compact" };
    await kafka.topics.create(compacted, { partitions: 1, config });
    try {
      await out.send(compacted, { key: 1, value: { number: 1 } });
      await assert.rejects(emptyTopic(kafka, compacted), {
        name: "KafkaError",
        code: "POLICY_VIOLATION",
        message: /^Cannot delete records of topic "compacted\..*": it is compacted, and Kafka/,
      });
    } finally {
      await kafka.topics.delete(compacted);
    }
  }));
