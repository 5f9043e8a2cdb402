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
Deno.test("clusterState() lists groups that the broker assigns, with the lag that it tells", async () => {
  const members = [{
    member: "a",
    memberId: "a",
    partitions: [{ topic: "order-status", partition: 0 }],
  }];
  const share = async (told: unknown) => {
    const kafka = kafkaWith((group) =>
      Promise.resolve({
        protocol: group === "bad" ? "share" : "consumer",
        state: "Stable",
        members,
      })
    );
    Object.assign(kafka.groups, { shareOffsets: () => Promise.resolve(told) });
    return (await clusterState(kafka, { overlook, stored: [] })).groups;
  };
  const at = { topic: "order-status", partition: 0, offset: 3 };
  // Of six records from offset 3 on, two were acknowledged out of order.
  const [counted, consumer] = await share([{ ...at, lag: 4 }]);
  assert.deepEqual(
    [counted!.protocol, counted!.lag, counted!.lags[0]!.committed, counted!.lags[0]!.member],
    ["share", 4, 3, "a"],
  );
  assert.deepEqual([consumer!.protocol, consumer!.lag], ["consumer", 5]);
  assert.equal((await share([{ ...at, lag: null }]))[0]!.lag, 6);
  assert.deepEqual((await share([]))[0]!.lags, [], "it has not begun");
  const [silent] = await share(null);
  assert.deepEqual([silent!.lags, silent!.members.length], [[], 1]);
  assert.equal(silent!.problem, "this Kafka does not tell what a share group has read");
});

// obsidiandynamics/kafdrop#241: offsets of transactions' markers and of compacted records were counted as records.
Deno.test("clusterState() says how many offsets a topic has, and counts no records that nobody has read", async () => {
  const kafka = kafkaWith(() => Promise.resolve({ protocol: "classic", state: "Dead" }));
  const { topics: [topic] } = await clusterState(kafka, { overlook, stored: [] });
  assert.deepEqual([topic!.offsets, topic!.records], [9, null]);
});
