import assert from "node:assert/strict";
import { client, createTopic, inOwnCluster } from "../../tests/own_cluster.ts";
import { killBroker, startBroker, status, up } from "./mod.ts";

Deno.test("three brokers go on when one is killed, lose nothing acknowledged, and take it back", () =>
  inOwnCluster({ SCHEMA_REGISTRY_URL: "http://localhost:1" }, async (config) => {
    const { brokers } = await up({ config, brokers: 3 });
    assert.equal(brokers.length, 3);
    const kafka = client(config, [1, 2, 3]);
    const admin = kafka.admin();
    const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
    await Promise.all([admin.connect(), producer.connect()]);
    await createTopic(config, "demo_1");
    const partition = async () =>
      (await admin.fetchTopicMetadata({ topics: ["demo_1"] })).topics[0]!.partitions[0]!;
    const { leader, replicas } = await partition();
    assert.deepEqual([...replicas].sort(), [1, 2, 3]);

    const acknowledged: string[] = [];
    const send = async (value: string) => {
      const [result] = await producer.send({
        topic: "demo_1",
        acks: -1,
        messages: [{ value, partition: 0 }],
      });
      if (result?.errorCode === 0) acknowledged.push(value);
    };
    for (let i = 0; i < 20; i++) {
      if (i === 10) await killBroker(leader, { config });
      await send(`${i}`);
    }
    const { up: all, processes } = await status({ config });
    assert.equal(all, false);
    assert.equal(processes.filter(({ state }) => state === "exited").length, 1);

    await startBroker(leader, { config });
    assert.equal((await status({ config })).up, true);
    const consumer = kafka.consumer({ groupId: "reader" });
    await consumer.connect();
    await consumer.subscribe({ topic: "demo_1", fromBeginning: true });
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      consumer.run({
        eachMessage: ({ message }) => {
          seen.push(message.value!.toString());
          if (seen.length >= acknowledged.length) resolve();
          return Promise.resolve();
        },
      });
    });
    assert.equal(acknowledged.length, 20);
    assert.deepEqual(seen, acknowledged);
    await Promise.all([admin.disconnect(), producer.disconnect(), consumer.disconnect()]);
  }));
