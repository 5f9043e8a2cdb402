import assert from "node:assert/strict";
import { FakeCluster } from "../transport/fake_cluster.ts";
import { ShareSession } from "./share_session.ts";

const SHARE_SESSION_NOT_FOUND = 122, INVALID_RECORD_STATE = 121;
const [zero, one] = [0, 1].map((partition) => ({ topicId: "aa", partition }));
const limits = { maxRecords: 5, maxWaitMs: 10 };
const nothing = { errorCode: 0, said: null, lockMs: 1_000, partitions: [] };
const accepted = [{ ...zero!, batches: [{ first: 3, last: 4, type: "accept" as const }] }];

function sessionOf() {
  const cluster = new FakeCluster();
  return {
    cluster,
    session: new ShareSession(() => cluster.broker(), { group: "g", memberId: "m" }),
  };
}

Deno.test("ShareSession counts its requests, and says which partitions it has no use for", async () => {
  const { cluster, session } = sessionOf();
  void session.fetch([zero!, one!], limits);
  const first = await cluster.next("ShareFetch");
  assert.deepEqual(first.request, {
    ...{ group: "g", memberId: "m", sessionEpoch: 0, ...limits },
    ...{ partitions: [zero, one], forgotten: [] },
  });
  first.respond(nothing);
  void session.acknowledge(accepted);
  const second = await cluster.next("ShareAcknowledge");
  assert.deepEqual([second.request.sessionEpoch, second.request.partitions], [1, accepted]);
  second.respond(nothing);
  void session.fetch([one!], limits);
  const third = await cluster.next("ShareFetch");
  assert.deepEqual([third.request.sessionEpoch, third.request.forgotten], [2, [zero]]);
});

Deno.test("ShareSession has one request under way at a time", async () => {
  const { cluster, session } = sessionOf();
  void session.fetch([zero!], limits);
  const fetching = await cluster.next("ShareFetch");
  void session.acknowledge(accepted);
  await Promise.resolve();
  assert.deepEqual(cluster.waiting, []);
  fetching.respond(nothing);
  assert.equal((await cluster.next("ShareAcknowledge")).request.sessionEpoch, 1);
});

Deno.test("ShareSession opens again after an error, and says that nothing is held any more", async () => {
  const { cluster, session } = sessionOf();
  const first = session.fetch([zero!], limits);
  (await cluster.next("ShareFetch")).respond(nothing);
  await first;
  const refused = session.fetch([zero!], limits);
  (await cluster.next("ShareFetch")).respond({ ...nothing, errorCode: SHARE_SESSION_NOT_FOUND });
  await assert.rejects(refused, { type: "SHARE_SESSION_NOT_FOUND" });
  await assert.rejects(session.acknowledge(accepted), { type: "SHARE_SESSION_NOT_FOUND" });
  void session.fetch([zero!], limits);
  assert.equal((await cluster.next("ShareFetch")).request.sessionEpoch, 0);
});

Deno.test("ShareSession tells of records that were held too long", async () => {
  const { cluster, session } = sessionOf();
  const fetching = session.fetch([zero!], limits);
  (await cluster.next("ShareFetch")).respond(nothing);
  await fetching;
  const acknowledged = session.acknowledge(accepted);
  const late = { ...zero!, errorCode: INVALID_RECORD_STATE };
  (await cluster.next("ShareAcknowledge")).respond({
    ...nothing,
    partitions: [late, { ...one!, errorCode: 0 }],
  });
  assert.deepEqual(await acknowledged, [late]);
});

Deno.test("ShareSession sends what was acknowledged when it closes, and closes only what is open", async () => {
  const { cluster, session } = sessionOf();
  await session.close([]);
  const fetching = session.fetch([zero!], limits);
  (await cluster.next("ShareFetch")).respond(nothing);
  await fetching;
  const closed = session.close(accepted);
  const last = await cluster.next("ShareAcknowledge");
  assert.deepEqual([last.request.sessionEpoch, last.request.partitions], [-1, accepted]);
  last.respond(nothing);
  await closed;
  assert.deepEqual(cluster.waiting, []);
});
