import assert from "node:assert/strict";
import type { Broker, Cluster } from "../transport/broker.ts";
import type { Api } from "../wire/api/api.ts";
import { encodeAssignment } from "../wire/consumer_protocol.ts";
import { groupOverviews } from "./group_overview.ts";

/** A cluster of one broker that answers by the names of requests, and offers only those. */
function clusterThat(answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const broker: Broker = {
    nodeId: 1,
    versions: {},
    versionOf: ({ name }) => name in answers ? 1 : undefined,
    send: <Request, Response>({ name }: Api<Request, Response>) => {
      asked.push(name);
      return Promise.resolve(answers[name] as Response);
    },
  };
  return { asked, cluster: { broker: () => Promise.resolve(broker) } as unknown as Cluster };
}

const listed = (...groups: readonly (readonly [group: string, type: string])[]) => ({
  errorCode: 0,
  groups: groups.map(([group, type]) => ({ group, type, protocolType: "consumer" })),
});
const place = { topic: "t", partition: 0 };
const classic = (group: string, more: object = {}) => ({
  ...{ group, errorCode: 0, state: "Stable", protocolType: "consumer" },
  members: [{ memberId: "m", clientId: "a", assignment: encodeAssignment([place]) }],
  ...more,
});

Deno.test("groupOverviews() asks for all groups of a kind at once, and leaves out those that are gone", async () => {
  const { cluster, asked } = clusterThat({
    ListGroups: listed(["b", "Classic"], ["a", "Classic"], ["gone", "Classic"], ["s", "Share"]),
    DescribeGroups: [
      classic("b", { protocolType: "connect" }),
      classic("a"),
      classic("gone", { state: "Dead", members: [] }),
    ],
    OffsetFetch: [{ group: "a", errorCode: 0, offsets: [{ ...place, offset: 4 }] }],
    ShareGroupDescribe: [
      { group: "s", protocol: "share", errorCode: 0, state: "Empty", members: [] },
    ],
    DescribeShareGroupOffsets: {
      errorCode: 0,
      offsets: [{ ...place, offset: 6, lag: 2 }, { ...place, partition: 1, offset: 0, lag: null }],
    },
  });
  const [a, b, s, ...others] = await groupOverviews(cluster, [1]);
  assert.deepEqual(others, []);
  assert.deepEqual(a, {
    ...{ group: "a", protocol: "classic", state: "Stable", lags: [] },
    members: [{ member: "a", memberId: "m", partitions: [place] }],
    committed: [{ ...place, offset: 4 }],
  });
  assert.deepEqual(b?.members[0]?.partitions, [], "a worker of Kafka Connect owns no partition");
  assert.deepEqual(s?.committed.map(({ offset }) => offset), [6, 0]);
  assert.deepEqual(s?.lags, [{ ...place, lag: 2 }], "the broker does not count the other");
  assert.deepEqual(asked.toSorted(), [
    ...["DescribeGroups", "DescribeShareGroupOffsets", "ListGroups", "OffsetFetch"],
    "ShareGroupDescribe",
  ]);
});

Deno.test("groupOverviews() says why one group cannot be looked at, and shows the others", async () => {
  const { cluster } = clusterThat({
    ListGroups: listed(["a", ""], ["secret", ""]),
    DescribeGroups: [classic("a"), classic("secret", { errorCode: 30, state: "", members: [] })],
    OffsetFetch: [
      { group: "a", errorCode: 0, offsets: [] },
      { group: "secret", errorCode: 30, offsets: [] },
    ],
  });
  const [a, secret] = await groupOverviews(cluster, [1]);
  assert.deepEqual([a?.state, a?.problem], ["Stable", undefined]);
  assert.equal(secret?.state, "Unknown");
  assert.match(secret!.problem!, /not authorized/i);
});

Deno.test("groupOverviews() fails while a coordinator moves: that is no fault of its groups", async () => {
  const { cluster } = clusterThat({
    ListGroups: listed(["a", ""]),
    DescribeGroups: [classic("a", { errorCode: 16 })],
    OffsetFetch: [],
  });
  await assert.rejects(groupOverviews(cluster, [1]), { type: "NOT_COORDINATOR_FOR_GROUP" });
});

Deno.test("groupOverviews() lists share groups of a Kafka that does not tell where they stand", async () => {
  const { cluster } = clusterThat({
    ListGroups: listed(["s", "Share"]),
    ShareGroupDescribe: [
      { group: "s", protocol: "share", errorCode: 0, state: "Stable", members: [] },
    ],
  });
  const [share] = await groupOverviews(cluster, [1]);
  assert.deepEqual([share?.state, share?.problem], [
    "Stable",
    "this Kafka does not tell what a share group has read",
  ]);
});
