import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Kafka } from "../client/connect.ts";
import { GroupCoordinator } from "../group/coordinator.ts";
import { FakeCluster } from "../transport/fake_cluster.ts";
import { TransactionSession } from "./transaction_session.ts";

const OK = { errorCode: 0 }, INVALID_PRODUCER_EPOCH = 47, ILLEGAL_GENERATION = 22;
const RECORD = {
  topic: "t",
  partition: 0,
  messages: [{ key: null, value: Buffer.of(1), timestamp: 1 }],
};

/** A session that has begun, over a fake cluster that has a topic "t". */
async function begun() {
  const cluster = new FakeCluster();
  cluster.partitions.set("t", 1);
  const kafka = { cluster: () => cluster, notify: () => {} } as unknown as Kafka;
  const session = new TransactionSession(kafka, "x");
  const beginning = session.begin();
  (await cluster.next("InitProducerId")).respond({ ...OK, producerId: 7n, producerEpoch: 3 });
  await beginning;
  return { cluster, session };
}

Deno.test("TransactionSession ends when another took its id: it does not go on under a new one", async () => {
  const { cluster, session } = await begun();
  const writing = session.writeAll([RECORD]);
  const admitted = { topic: "t", partition: 0, errorCode: 0 };
  (await cluster.next("AddPartitionsToTxn")).respond([admitted]);
  const fenced = {
    ...admitted,
    errorCode: INVALID_PRODUCER_EPOCH,
    baseOffset: -1,
    logAppendTime: -1,
  };
  (await cluster.next("Produce")).respond([fenced]);
  const goesOn = cluster.next("Produce").then(() => assert.fail("it writes on"));
  await Promise.race([assert.rejects(writing, { code: "INVALID_PRODUCER_EPOCH" }), goesOn]);
});

Deno.test("TransactionSession commits as the member that did the work, not as the one that it is by now", async () => {
  const { cluster, session } = await begun();
  const member = (generation: number) => ({
    group: "g",
    memberId: "m",
    generation,
    instanceId: null,
  });
  const membership = {
    group: "g",
    identity: member(5),
    coordinator: new GroupCoordinator(cluster, "g"),
  };
  const offsets = [{ topic: "t", partition: 0, offset: 4 }];
  const committing = session.commit(membership, offsets, {
    as: (commit) => commit(member(4)),
  });
  (await cluster.next("AddOffsetsToTxn")).respond(OK);
  const { request, respond } = await cluster.next("TxnOffsetCommit");
  assert.deepEqual([request.generation, request.producerEpoch], [4, 3]);
  respond([{ topic: "t", partition: 0, errorCode: ILLEGAL_GENERATION }]);
  await assert.rejects(committing, { code: "ILLEGAL_GENERATION" });
  assert.deepEqual(cluster.waiting, [], "what is refused is not committed");
});
