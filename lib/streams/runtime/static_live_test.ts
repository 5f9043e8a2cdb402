/** Workers with an instance id on a real Kafka: one is started again, and one is started twice. */
import assert from "node:assert/strict";
import { onKafka } from "../../../tests/testkit/live_kafka.ts";
import { sleep } from "../../async/mod.ts";
import { producer } from "../../kafka/mod.ts";
import { app, type Guarantee, string, topic } from "../mod.ts";
import { drain, rowsOf, Worker } from "./mod.ts";

const GUARANTEES: readonly Guarantee[] = ["at-least-once", "exactly-once"];
const LETTERS = Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i));

for (const guarantee of GUARANTEES) {
  Deno.test(`Worker with an instance id comes back to its tasks without a rebalance, and ends when another takes the id, ${guarantee}`, () =>
    onKafka(async ({ kafka, topic: make, name }) => {
      const source = await make("words", 4), counts = app(name("static"));
      counts.stream(topic(source, { key: string, value: string })).groupByKey().count("letters");
      await using out = producer(kafka, { key: string, value: string });
      const write = () => out.send(source, LETTERS.map((key) => ({ key, value: key })));
      const assigned: string[] = [];
      const start = (instanceId: string) =>
        Worker.start(kafka, counts.topology(), {
          ...{ guarantee, instanceId, name: `name of ${instanceId}`, sessionTimeoutMs: 60_000 },
          ...{ status: false, server: false },
          onEvent: (event) => {
            if (event.kind === "assigned") assigned.push(`${instanceId} ${event.tasks}`);
          },
        });
      const countsAre = async (count: number, ...workers: readonly Worker[]) => {
        await Promise.all(workers.map((worker) => drain(worker)));
        assert.deepEqual(
          workers.flatMap((worker) => [...rowsOf(worker, "letters")])
            .map(({ key, value }) => [key, value]).sort(),
          LETTERS.map((letter) => [letter, count]),
        );
      };
      try {
        const first = await start("a");
        await using second = await start("b");
        await until(() => [first, second].every(({ tasks }) => tasks.running().length === 2));
        const tasks = first.tasks.names().join();
        await write();
        await countsAre(1, first, second);
        assigned.length = 0;

        await first.stop();
        const { members } = await kafka.groups.describe(counts.id);
        assert.deepEqual(members.map(({ member }) => member).sort(), ["name of a", "name of b"]);
        await using again = await start("a");
        await until(() => again.tasks.running().length === 2);
        await write();
        await countsAre(2, again, second);
        assert.deepEqual(assigned, [`a ${tasks}`], "b was not asked to do anything");

        await using twin = await start("a");
        await assert.rejects(again.done, {
          name: "KafkaError",
          code: "FENCED_INSTANCE_ID",
          message: `Cannot stay in group "${counts.id}": another member has joined under its ` +
            'instance id "a" (give each member an id of its own)',
        });
        await until(() => twin.tasks.running().length === 2);
        await write();
        await countsAre(3, twin, second);
        assert.deepEqual(assigned, [`a ${tasks}`, `a ${tasks}`]);
      } finally {
        // The group goes with the cluster: its static members stay for a minute.
        const topics = await kafka.topics.list();
        await kafka.topics.deleteOrEmpty(topics.filter((one) => one.startsWith(counts.id)));
      }
    }));
}

async function until(holds: () => boolean): Promise<void> {
  for (const limitMs = Date.now() + 300_000; !holds();) {
    assert.ok(Date.now() < limitMs, `waited in vain for ${holds}`);
    await sleep(20);
  }
}
