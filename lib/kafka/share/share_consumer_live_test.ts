import assert from "node:assert/strict";
import { producer } from "../produce/producer.ts";
import { numbers, onKafka } from "../../../tests/testkit/live_kafka.ts";
import { shareConsumer } from "./share_consumer.ts";
import type { SharedRecord } from "./share_options.ts";

const counts = (records: readonly SharedRecord[]) =>
  records.map(({ offset, deliveryCount }) => `${offset}×${deliveryCount}`);

Deno.test("a share group hands each record to one member, again when it is released, never when it is rejected", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const of = await topic("shared", 1), group = name("shared");
    await kafka.groups.configure(group, { "share.auto.offset.reset": "earliest" });
    await using out = producer(kafka);
    await out.send(of, numbers(0, 6));
    const [a, b] = await Promise.all(
      ["a", "b"].map((name) => shareConsumer(kafka, { group, topics: of, name })),
    );
    const its = await a!.take(3), others = await b!.take(3);
    assert.deepEqual([counts(its), counts(others)], [["0×1", "1×1", "2×1"], ["3×1", "4×1", "5×1"]]);
    a!.acknowledge(its[1]!, "release");
    a!.acknowledge(its[2]!, "reject");
    await a!.commit();
    await b!.commit();
    assert.deepEqual(counts(await b!.take(1)), ["1×2"]);
    const { protocol, members } = await kafka.groups.settled(group, { members: 2 });
    assert.deepEqual([protocol, members.map(({ member }) => member)], ["share", ["a", "b"]]);
    // What it took and did not accept comes to the other member.
    await b!.close();
    assert.deepEqual(counts(await a!.take(1)), ["1×3"]);
    await a!.commit();
    await assert.rejects(kafka.groups.reset(group, { topic: of, to: "earliest" }), {
      message: /it is a share group, whose offsets only Kafka's own tools move/,
    });
  }));
