/** A worker whose tables change in more rows than should wait in memory, on a real Kafka. */
import assert from "node:assert/strict";
import { onKafka } from "../../../tests/testkit/live_kafka.ts";
import { sleep } from "../../async/mod.ts";
import { producer } from "../../kafka/mod.ts";
import { app, string, topic } from "../mod.ts";
import { resetApplication, rowsOf, Worker } from "./mod.ts";

const KEYS = 25_000;

Deno.test("Worker writes rows of many keys before their commit is due, and commits none of their offsets with them", () =>
  onKafka(async ({ kafka, topic: make, name }) => {
    const source = await make("keys", 1), counts = app(name("many"));
    counts.stream(topic(source, { key: string, value: string })).groupByKey().count("counts");
    const changelog = `${counts.id}-counts-changelog`;
    const end = async () => (await kafka.topics.endOffsets(changelog))[0]!;
    await using out = producer(kafka, { key: string, value: string });
    await out.send(source, Array.from({ length: KEYS }, (_, i) => ({ key: `${i}`, value: "x" })));
    try {
      const options = { status: false, server: false, commitIntervalMs: 3_600_000 } as const;
      await using worker = await Worker.start(kafka, counts.topology(), options);
      for (const limitMs = Date.now() + 300_000; await end() < 20_000; await sleep(20)) {
        assert.ok(Date.now() < limitMs, "waited in vain for rows in the changelog");
      }
      const committed = await kafka.groups.lag(counts.id);
      assert.deepEqual(committed.filter(({ lag }) => lag < KEYS), []);
      while ([...rowsOf(worker, "counts")].length < KEYS) await sleep(20);
      await worker.stop();
      assert.equal(await end(), KEYS, "each row once");
      assert.deepEqual((await kafka.groups.lag(counts.id)).map(({ lag }) => lag), [0]);
    } finally {
      await resetApplication(kafka, counts.id);
    }
  }));
