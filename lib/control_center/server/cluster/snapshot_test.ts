import assert from "node:assert/strict";
import { type Kafka, KafkaError } from "../../../kafka/mod.ts";
import type { Overlook } from "../../../kafka/engine.ts";
import { clusterState } from "./snapshot.ts";

const overlook = {
  controller: () => Promise.resolve(2),
  topics: () =>
    Promise.resolve([{
      topic: "order-status",
      partitions: [
        { partition: 0, leader: 1, replicas: [1], inSync: [1], begin: 0, end: 9, stable: 5 },
      ],
    }]),
} as unknown as Overlook;

function kafkaWith(describe: (group: string) => Promise<unknown>): Kafka {
  return {
    brokers: () => Promise.resolve([{ broker: 1, address: "b:1", controller: true }]),
    groups: {
      list: () => Promise.resolve(["bad", "good", "gone"]),
      describe,
      offsets: () => Promise.resolve([{ topic: "order-status", partition: 0, offset: 4 }]),
    },
  } as unknown as Kafka;
}

Deno.test("clusterState() lists a group that cannot be described, and all others as they are", async () => {
  const kafka = kafkaWith((group) =>
    group === "bad"
      ? Promise.reject(new KafkaError("Cannot describe it", { code: "GROUP_AUTHORIZATION_FAILED" }))
      : Promise.resolve({
        protocol: "classic",
        state: group === "gone" ? "Dead" : "Empty",
        members: [],
      })
  );
  const { groups, topics, controller } = await clusterState(kafka, { overlook, stored: [] });
  assert.deepEqual(groups.map(({ group, state, lag }) => [group, state, lag]), [
    ["bad", "Unknown", 0],
    ["good", "Empty", 5],
  ]);
  assert.equal(groups[0]!.problem, "Cannot describe it");
  assert.equal(controller, 2, "the quorum's leader, not what the metadata say");
  assert.deepEqual([topics[0]!.internal, topics[0]!.open], [false, [{ partition: 0, stable: 5 }]]);
});

Deno.test("clusterState() fails when Kafka is away", async () => {
  const away = new KafkaError("Cannot describe it: Kafka does not answer", { retriable: true });
  const kafka = kafkaWith(() => Promise.reject(away));
  await assert.rejects(clusterState(kafka, { overlook, stored: [] }), away);
});

// akhq#2720, kafbat/kafka-ui#1950: such groups were missing. What a share group has read, OffsetFetch does not know.
Deno.test("clusterState() lists groups that the broker assigns, without a lag where nobody can say", async () => {
  const members = [{
    member: "a",
    memberId: "a",
    partitions: [{ topic: "order-status", partition: 0 }],
  }];
  const kafka = kafkaWith((group) =>
    Promise.resolve({ protocol: group === "bad" ? "share" : "consumer", state: "Stable", members })
  );
  const { groups: [share, consumer] } = await clusterState(kafka, { overlook, stored: [] });
  assert.deepEqual([share!.protocol, share!.lags, share!.members.length], ["share", [], 1]);
  assert.equal(share!.problem, "Kafka keeps what a share group has read elsewhere");
  assert.deepEqual([consumer!.protocol, consumer!.lag, consumer!.problem], [
    "consumer",
    5,
    undefined,
  ]);
});

// obsidiandynamics/kafdrop#241: offsets of transactions' markers and of compacted records were counted as records.
Deno.test("clusterState() says how many offsets a topic has, and counts no records that nobody has read", async () => {
  const kafka = kafkaWith(() => Promise.resolve({ protocol: "classic", state: "Dead" }));
  const { topics: [topic] } = await clusterState(kafka, { overlook, stored: [] });
  assert.deepEqual([topic!.offsets, topic!.records], [9, null]);
});
