import assert from "node:assert/strict";
import type { Kafka } from "../../../kafka/mod.ts";
import type { GroupOverview, Overlook } from "../../../kafka/engine.ts";
import type { ClusterState } from "../../contract.ts";
import { clusterState } from "./snapshot.ts";

const overlook = {
  controller: () => Promise.resolve(2),
  groups: () => Promise.resolve(groups),
  topics: () =>
    Promise.resolve([{
      topic: "order-status",
      partitions: [
        { partition: 0, leader: 1, replicas: [1], inSync: [1], begin: 0, end: 9, stable: 5 },
      ],
    }]),
} as unknown as Overlook;

const kafka = {
  brokers: () => Promise.resolve([{ broker: 1, address: "b:1", controller: true }]),
} as unknown as Kafka;

const place = { topic: "order-status", partition: 0 };
const members = [{ member: "a", memberId: "a", partitions: [place] }];
const groups: readonly GroupOverview[] = [
  {
    ...{ group: "bad", protocol: "classic", state: "Unknown", problem: "Cannot describe it" },
    ...{ members: [], committed: [], lags: [] },
  },
  {
    ...{ group: "good", protocol: "consumer", state: "Stable", members },
    ...{ committed: [{ ...place, offset: 4 }], lags: [] },
  },
  {
    ...{ group: "share", protocol: "share", state: "Stable", members },
    ...{ committed: [{ ...place, offset: 6 }], lags: [{ ...place, lag: 2 }] },
  },
];

// akhq#2720, kafbat/kafka-ui#1950: groups that the broker assigns were missing.
Deno.test("clusterState() lists groups of every kind, with the lag that the broker counts for share groups", async () => {
  const { groups, topics, controller } = await clusterState(kafka, { overlook, stored: [] });
  assert.deepEqual(groups.map(({ group, state, lag }) => [group, state, lag]), [
    ["bad", "Unknown", 0],
    ["good", "Stable", 5],
    // Single records behind its offset are done with, too: end less offset would be 3.
    ["share", "Stable", 2],
  ]);
  assert.equal(groups[0]!.problem, "Cannot describe it");
  assert.equal(controller, 2, "the quorum's leader, not what the metadata say");
  assert.deepEqual([topics[0]!.internal, topics[0]!.open], [false, [{ partition: 0, stable: 5 }]]);
});

Deno.test("clusterState() keeps a group whose part of __consumer_offsets has no leader, or has just got one", async () => {
  const parts = (leaders: readonly number[]) =>
    leaders.map((leader, partition) => ({
      ...{ partition, leader, replicas: [1, 2], inSync: [1], begin: 0, end: 0, stable: 0 },
    }));
  const look = async (
    leaders: readonly number[],
    heard: readonly GroupOverview[],
    before?: ClusterState,
  ) => {
    const all = await overlook.topics();
    const offsets = { topic: "__consumer_offsets", partitions: parts(leaders) };
    const now = {
      ...overlook,
      groups: () => Promise.resolve(heard),
      topics: () => Promise.resolve([offsets, ...all]),
    };
    return await clusterState(kafka, { overlook: now, stored: [], ...(before && { before }) });
  };
  const before = await look([1, 1], groups);
  const then = async (leaders: readonly number[], from = before) => {
    const state = await look(leaders, groups.slice(0, 1), from);
    return state.groups.map((
      { group, state, problem, lags },
    ) => [group, state, problem, lags[0]?.lag]);
  };
  const bad = ["bad", "Unknown", "Cannot describe it", undefined];
  const where = "partition 1 of __consumer_offsets, which keeps it, has no leader";
  // "good".hashCode() is 3178685 and "share".hashCode() is 109400031, both odd.
  assert.deepEqual(await then([1, -1]), [
    bad,
    ["good", "Unknown", where, null],
    ["share", "Unknown", where, null],
  ]);
  assert.deepEqual(await then([-1, 1]), [bad], "where it could be, it is not: it was deleted");
  // A broker that has just become their leader does not know them before it has read them.
  const asBefore = [
    ["good", "Stable", undefined, 5],
    ["share", "Stable", undefined, 2],
  ];
  assert.deepEqual(await then([1, 2]), [bad, ...asBefore]);
  const moved = await look([1, 2], groups.slice(0, 1), before);
  assert.deepEqual(await then([1, 2], moved), [bad], "it has had its time");
});

// obsidiandynamics/kafdrop#241: offsets of transactions' markers and of compacted records were counted as records.
Deno.test("clusterState() says how many offsets a topic has, and counts no records that nobody has read", async () => {
  const { topics: [topic] } = await clusterState(kafka, { overlook, stored: [] });
  assert.deepEqual([topic!.offsets, topic!.records], [9, null]);
});
