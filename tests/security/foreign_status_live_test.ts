/** Topics of strangers that end like a status, beside an application of ours. */
import assert from "node:assert/strict";
import { schemaRegistry } from "../../lib/avro/mod.ts";
import { startControlCenter } from "../../lib/control_center/mod.ts";
import { type Compression, producer, string } from "../../lib/kafka/mod.ts";
import { kafkaSettings } from "../../lib/settings/mod.ts";
import { app, topic } from "../../lib/streams/mod.ts";
import { Worker } from "../../lib/streams/runtime/mod.ts";
import { onKafka } from "../testkit/live_kafka.ts";

/** What stands in them: none is a status, each is packed as a company's topics are. */
const FOREIGN: Readonly<Record<string, { codec: Compression; key: string; value: unknown }>> = {
  orders: { codec: "lz4", key: "1", value: "shipped" },
  deploys: { codec: "snappy", key: "topology", value: { nodes: "none", stores: 7 } },
  machines: { codec: "zstd", key: "worker", value: { tasks: [{}], atMs: "noon" } },
};

Deno.test("a foreign topic that ends like a status hides no application, and is none", () =>
  onKafka(async ({ kafka, topic: makeTopic, name }) => {
    const input = await makeTopic("rides", 1), counts = app(name("counts"));
    counts.stream(topic(input, { key: string, value: string })).foreach(() => {});
    const made: string[] = [];
    for (const [what, { codec, key, value }] of Object.entries(FOREIGN)) {
      const foreign = `${name(what)}-status`;
      await kafka.topics.create(foreign, { partitions: 1 });
      made.push(foreign);
      await using out = producer(kafka, { compression: codec });
      await out.send(foreign, { key, value });
    }
    const worker = await Worker.start(kafka, counts.topology());
    await using center = await startControlCenter({
      ...{ port: 0, kafka: kafkaSettings() },
      registry: schemaRegistry({ url: "http://localhost:1" }),
    });
    const ask = async (path: string) => await (await fetch(`${center.url}/api/${path}`)).json();
    for (;;) {
      const { apps, topics } = await ask("now");
      assert.deepEqual(
        apps.filter((one: { app: string }) => made.includes(`${one.app}-status`)),
        [],
      );
      const ours = apps.find((one: { app: string }) => one.app === name("counts"));
      if (ours?.workers !== 1) continue;
      const shown = topics.filter((one: { topic: string }) => made.includes(one.topic));
      assert.equal(shown.length, made.length, "each is shown as the topic that it is");
      break;
    }
    assert.equal((await ask(`apps/${name("counts")}`)).app, name("counts"));
    for (const what of Object.keys(FOREIGN)) assert.equal(await ask(`apps/${name(what)}`), null);
    await worker.stop();
    await kafka.topics.deleteOrEmpty([...made, `${name("counts")}-status`]);
  }));
