import assert from "node:assert/strict";
import type { Kafka } from "../client/connect.ts";
import { FakeCluster } from "../transport/fake_cluster.ts";
import { encodeAssignment } from "../wire/consumer_protocol.ts";
import { consumer } from "./consumer.ts";

const OK = { errorCode: 0 };

Deno.test("commit() of a record commits the offset after it, as the member that it is", async () => {
  const cluster = new FakeCluster(), at = { topic: "t", partition: 0 };
  cluster.partitions.set("t", 1);
  const kafka = {
    ...{ clientId: "c", cluster: () => cluster, notify: () => {}, adopt: () => () => {} },
    ...{ stopSignal: () => undefined, beforeJoin: () => Promise.resolve() },
    topics: { mustExist: () => Promise.resolve() },
  } as unknown as Kafka;
  const joining = consumer(kafka, { group: "g", topics: "t", autoCommit: false });
  const join = { ...OK, generation: 3, protocol: "", leader: "another", memberId: "m" };
  (await cluster.next("JoinGroup")).respond(join);
  (await cluster.next("SyncGroup")).respond({ ...OK, assignment: encodeAssignment([at]) });
  (await cluster.next("OffsetFetch")).respond({ ...OK, partitions: [{ ...at, ...OK, offset: 4 }] });
  const reader = await joining;
  const record = { ...at, offset: 4, timestamp: 0, key: null, value: null, headers: [] };
  const committing = reader.commit(record);
  const { request, respond } = await cluster.next("OffsetCommit");
  assert.deepEqual([request.generation, request.offsets], [3, [{ ...at, offset: 5 }]]);
  respond([{ ...at, ...OK }]);
  await committing;
  const closed = reader.close();
  (await cluster.next("LeaveGroup")).respond(OK);
  await closed;
});
