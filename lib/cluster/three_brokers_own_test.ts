import assert from "node:assert/strict";
import { connectTo, inOwnCluster, valuesOf } from "../../tests/own_cluster.ts";
import { producer, string } from "../kafka/mod.ts";
import { killBroker, startBroker, status, up } from "./mod.ts";

Deno.test("three brokers go on when one is killed, lose nothing acknowledged, and take it back", () =>
  inOwnCluster({ SCHEMA_REGISTRY_URL: "http://localhost:1" }, async (config) => {
    const { brokers } = await up({ config, brokers: 3 });
    assert.equal(brokers.length, 3);
    await using kafka = await connectTo(config, [1, 2, 3]);
    await kafka.topics.create("demo_1", { partitions: 1 });
    const { leader, replicas } = (await kafka.topics.describe("demo_1")).partitions[0]!;
    assert.deepEqual([...replicas].sort(), [1, 2, 3]);

    await using out = producer(kafka, { value: string });
    const values = Array.from({ length: 20 }, (_, i) => `${i}`);
    for (const value of values) {
      if (value === "10") await killBroker(leader, { config });
      await out.send("demo_1", { value });
    }
    const { up: all, processes } = await status({ config });
    assert.equal(all, false);
    assert.equal(processes.filter(({ state }) => state === "exited").length, 1);

    await startBroker(leader, { config });
    assert.equal((await status({ config })).up, true);
    assert.deepEqual(await valuesOf(config, "demo_1"), values);
  }));
