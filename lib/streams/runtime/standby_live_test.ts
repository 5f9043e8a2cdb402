/** Two workers on a real Kafka: one answers for the other, and goes on with its tasks when it is gone. */
import assert from "node:assert/strict";
import { onKafka } from "../../../tests/testkit/live_kafka.ts";
import { sleep } from "../../async/mod.ts";
import { producer } from "../../kafka/mod.ts";
import { app, string, topic } from "../mod.ts";
import { drain, resetApplication, rowsOf, Worker, type WorkerEvent } from "./mod.ts";

Deno.test("Worker answers for keys of another one, and goes on with its tasks from its copies when it is gone", () =>
  onKafka(async ({ kafka, topic: make, name }) => {
    const source = await make("words", 4), counts = app(name("standby"));
    const table = counts.stream(topic(source, { key: string, value: string })).groupByKey()
      .count("letters");
    const letters = Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i));
    await using out = producer(kafka, { key: string, value: string });
    const write = () => out.send(source, letters.map((key) => ({ key, value: key })));
    const restored = new Map<string, number>();
    const start = (onEvent: (event: WorkerEvent) => void = () => {}) =>
      Worker.start(kafka, counts.topology(), {
        ...{ guarantee: "exactly-once", standbys: 1, status: false, onEvent },
      });
    try {
      const first = await start();
      await using second = await start((event) => {
        if (event.kind === "running") restored.set(event.task, event.restored);
      });
      await write();
      await until(() => [first, second].every(({ tasks }) => tasks.running().length === 2));
      await Promise.all([drain(first), drain(second)]);
      for (const worker of [first, second]) {
        const view = worker.table(table);
        const here = letters.filter((letter) => view.owner(letter).here);
        assert.ok(here.length > 0 && here.length < letters.length, "each has some of the keys");
        assert.deepEqual(
          await Promise.all(letters.map((letter) => view.get(letter))),
          letters.map(() => 1),
        );
        assert.equal(await view.get("none"), undefined);
      }
      const copied = () =>
        [first, second].map(({ standbys }) =>
          standbys.status().reduce(
            (sum, { lag, rows }) => sum + (lag === 0 ? rows["letters"]! : 0),
            0,
          )
        ).reduce((a, b) => a + b);
      await until(() => copied() === letters.length);
      // Where its own rows stand, a standby learns from the group; what was opened so far restored nothing.
      await second.standbys.commit();
      const copies = second.standbys.upToDate();
      assert.equal(copies.length, 2);
      restored.clear();
      await Promise.all([
        first.stop(),
        ...letters.map(async (letter) => assert.equal(await second.table(table).get(letter), 1)),
      ]);
      await write();
      await until(() => second.tasks.running().length === 4);
      await drain(second);
      assert.deepEqual(restored, new Map(copies.map((task) => [task, 0])));
      assert.deepEqual(
        [...rowsOf(second, "letters")].map(({ key, value }) => [key, value]).sort(),
        letters.map((letter) => [letter, 2]),
      );
    } finally {
      await resetApplication(kafka, counts.id);
    }
  }));

async function until(holds: () => boolean): Promise<void> {
  for (const limitMs = Date.now() + 300_000; !holds();) {
    assert.ok(Date.now() < limitMs, `waited in vain for ${holds}`);
    await sleep(20);
  }
}
