import assert from "node:assert/strict";
import { FakeCluster } from "../transport/fake_cluster.ts";
import { GroupCoordinator, isOutOfGroup } from "./coordinator.ts";

const OK = 0, NOT_COORDINATOR = 16, ILLEGAL_GENERATION = 22, UNSTABLE_OFFSET_COMMIT = 88;
const REBALANCE_IN_PROGRESS = 27,
  TOPIC_AUTHORIZATION_FAILED = 29,
  GROUP_AUTHORIZATION_FAILED = 30,
  FENCED_INSTANCE_ID = 82;

const member = { group: "g", memberId: "m", generation: 3, instanceId: null };
const offsets = [{ topic: "t", partition: 0, offset: 7 }, { topic: "t", partition: 1, offset: 9 }];
const answer = (...codes: number[]) =>
  codes.map((errorCode, partition) => ({ topic: "t", partition, errorCode }));

function coordinatorOf() {
  const cluster = new FakeCluster();
  return { cluster, coordinator: new GroupCoordinator(cluster, "g") };
}

Deno.test("commit() sends the same offsets as the same member until a coordinator takes them", async () => {
  const { cluster, coordinator } = coordinatorOf();
  const committing = coordinator.commit(offsets, member);
  const first = await cluster.next("OffsetCommit");
  first.respond(answer(OK, NOT_COORDINATOR));
  const second = await cluster.next("OffsetCommit");
  second.fail(Object.assign(new Error("Closed connection"), {
    name: "KafkaJSConnectionClosedError",
    retriable: true,
  }));
  const third = await cluster.next("OffsetCommit");
  for (const { request } of [first, second, third]) {
    assert.deepEqual(request, { ...member, offsets });
  }
  third.respond(answer(OK, OK));
  await committing;
  assert.equal(cluster.coordinatorSearches, 3);
});

Deno.test("commit() ends where the group went on without the member: it is fenced", async () => {
  const { cluster, coordinator } = coordinatorOf();
  for (const code of [ILLEGAL_GENERATION, REBALANCE_IN_PROGRESS]) {
    const committing = coordinator.commit(offsets, member);
    (await cluster.next("OffsetCommit")).respond(answer(OK, code));
    await assert.rejects(committing, isOutOfGroup);
  }
  assert.deepEqual(cluster.waiting, []);
});

Deno.test("commit() names the topic on which the user lacks a right", async () => {
  const { cluster, coordinator } = coordinatorOf();
  const said = (doing: string, right: string) =>
    `Cannot ${doing} offsets of group "g": this user needs ${right} on topic "t" (grant it)`;
  const committing = coordinator.commit(offsets, member);
  (await cluster.next("OffsetCommit")).respond(answer(OK, TOPIC_AUTHORIZATION_FAILED));
  await assert.rejects(committing, { message: said("commit", "Read"), topic: "t", group: "g" });
  const reading = coordinator.committed(offsets, { stable: false });
  (await cluster.next("OffsetFetch")).respond({
    errorCode: OK,
    partitions: answer(TOPIC_AUTHORIZATION_FAILED),
  });
  await assert.rejects(reading, { message: said("read", "Describe") });
});

Deno.test("commitOnce() is not tried again: an older commit must not follow a newer one", async () => {
  const { cluster, coordinator } = coordinatorOf();
  const committing = coordinator.commitOnce(offsets, member);
  (await cluster.next("OffsetCommit")).respond(answer(OK, NOT_COORDINATOR));
  await assert.rejects(committing, { type: "NOT_COORDINATOR_FOR_GROUP" });
  assert.deepEqual(cluster.waiting, []);
});

Deno.test("commitWith() names the producer, its epoch and the member's generation", async () => {
  const { cluster, coordinator } = coordinatorOf();
  const producer = { producerId: 5n, producerEpoch: 2, transactionalId: "x" };
  const committing = coordinator.commitWith(producer, offsets, member);
  const { request, respond } = await cluster.next("TxnOffsetCommit");
  assert.deepEqual(request, { ...member, ...producer, offsets });
  respond(answer(ILLEGAL_GENERATION, OK));
  await assert.rejects(committing, { code: "ILLEGAL_GENERATION" });
});

Deno.test("committed() waits until no transaction can change an offset, and leaves out what has none", async () => {
  const { cluster, coordinator } = coordinatorOf();
  const reading = coordinator.committed(offsets, { stable: true });
  const first = await cluster.next("OffsetFetch");
  assert.equal(first.request.stable, true);
  const none = { topic: "t", partition: 1, offset: -1, errorCode: OK };
  const unstable = { ...none, partition: 0, errorCode: UNSTABLE_OFFSET_COMMIT };
  first.respond({ errorCode: OK, partitions: [none, unstable] });
  const found = { topic: "t", partition: 0, offset: 7, metadata: "m", errorCode: OK };
  (await cluster.next("OffsetFetch")).respond({ errorCode: OK, partitions: [none, found] });
  assert.deepEqual(await reading, [{ topic: "t", partition: 0, offset: 7, metadata: "m" }]);
});

Deno.test("belongs() tells whether a heartbeat of that generation is taken", async () => {
  const { cluster, coordinator } = coordinatorOf();
  const cases = [
    [OK, {}, true],
    [ILLEGAL_GENERATION, {}, false],
    [ILLEGAL_GENERATION, { rebalancing: true }, false],
    [FENCED_INSTANCE_ID, { rebalancing: true }, false],
    [REBALANCE_IN_PROGRESS, {}, false],
    [REBALANCE_IN_PROGRESS, { rebalancing: true }, true],
  ] as const;
  for (const [code, options, belongs] of cases) {
    const asking = coordinator.belongs(member, options);
    const { request, respond } = await cluster.next("Heartbeat");
    assert.deepEqual(request, member);
    respond({ errorCode: code });
    assert.equal(await asking, belongs);
  }
});

Deno.test("a missing right ends a request at once, and is named", async () => {
  const { cluster, coordinator } = coordinatorOf();
  const reading = coordinator.committed(offsets, { stable: false });
  (await cluster.next("OffsetFetch")).respond({
    errorCode: GROUP_AUTHORIZATION_FAILED,
    partitions: [],
  });
  await assert.rejects(reading, {
    message: 'Cannot read offsets of group "g": this user needs Read on group "g" (grant it)',
  });
});
