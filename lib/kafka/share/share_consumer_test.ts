import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { rawBatch } from "../../../tests/testkit/raw_batch.ts";
import type { Kafka } from "../client/connect.ts";
import { FakeCluster, type FakeRequest } from "../transport/fake_cluster.ts";
import type { ShareAcknowledgeRequest } from "../wire/api/share_fetch.ts";
import { shareConsumer } from "./share_consumer.ts";
import type { ShareConsumerOptions, SharedRecord } from "./share_options.ts";

const GROUP_AUTHORIZATION_FAILED = 30, NOT_LEADER = 6, INVALID_RECORD_STATE = 121;
const SHARE_SESSION_NOT_FOUND = 122;
const topicId = "0".repeat(31) + "1", t0 = { topicId, partition: 0 };

/** A member of a share group over a fake cluster, which has the partition t-0; and what it told. */
async function memberOf(options: Partial<ShareConsumerOptions<unknown, number>> = {}) {
  const cluster = new FakeCluster(), told: string[] = [];
  cluster.topicIds.set("t", topicId);
  cluster.partitions.set("t", 1);
  const kafka = {
    clientId: "c",
    cluster: () => cluster,
    notify: ({ text }: { readonly text: string }) => told.push(text),
    stopSignal: (given?: AbortSignal) => given,
    beforeJoin: () => Promise.resolve(),
    adopt: () => () => {},
    topics: { mustExist: () => Promise.resolve() },
  } as unknown as Kafka;
  const joining = shareConsumer<unknown, number>(kafka, { group: "g", topics: "t", ...options });
  (await cluster.next("ShareGroupHeartbeat")).respond({
    ...{ errorCode: 0, said: null, memberId: null, memberEpoch: 1, heartbeatMs: 1 },
    assignment: [{ topicId, partitions: [0] }],
  });
  const member = await joining;
  /** Answers the next fetch with records from an offset on. */
  const give = async (firstOffset: number, ...values: readonly string[]) => {
    const fetch = await cluster.next("ShareFetch");
    fetch.respond(fetched(firstOffset, values));
    return fetch;
  };
  /** Answers the next acknowledgement, and says what it was: `accept 0-2, release 3-3`. */
  const acknowledged = async (errorCode = 0) => {
    const acknowledge = await cluster.next("ShareAcknowledge");
    acknowledge.respond({ errorCode: 0, said: null, partitions: [{ ...t0, errorCode }] });
    return said(acknowledge);
  };
  const close = async () => {
    const closed = member.close();
    const last = await acknowledged();
    (await cluster.next("ShareGroupHeartbeat")).respond({});
    await closed;
    return last;
  };
  return { cluster, member, told, give, acknowledged, close };
}

function fetched(firstOffset: number, values: readonly string[]): object {
  const acquired = values.length === 0
    ? []
    : [{ first: firstOffset, last: firstOffset + values.length - 1, deliveryCount: 1 }];
  const bytes = values.length === 0 ? Buffer.alloc(0) : rawBatch({ firstOffset, values });
  const partitions = [{ ...t0, errorCode: 0, said: null, bytes, acquired }];
  return { errorCode: 0, said: null, lockMs: 30_000, partitions };
}

function said({ request }: FakeRequest): string {
  const { partitions } = request as unknown as ShareAcknowledgeRequest;
  return partitions.flatMap(({ batches }) => batches)
    .map(({ first, last, type }) => `${type} ${first}-${last}`).join(", ");
}

const offsets = (records: readonly SharedRecord[]) => records.map(({ offset }) => offset);

Deno.test("take() acquires no more than it wants, and accepts what was taken when it is asked for more", async () => {
  const { member, give, acknowledged, close } = await memberOf();
  const first = member.take(2);
  assert.equal((await give(0, "1", "2")).request.maxRecords, 2);
  assert.deepEqual(offsets(await first), [0, 1]);
  const second = member.take(1);
  assert.equal(await acknowledged(), "accept 0-1");
  assert.equal((await give(2, "3")).request.maxRecords, 1);
  assert.deepEqual(offsets(await second), [2]);
  assert.equal(await close(), "", "what was taken last is released, as nobody accepted it");
});

Deno.test("acknowledge() decides what becomes of a record, and commit() sends it", async () => {
  const { member, give, acknowledged, close } = await memberOf();
  const taking = member.take(4);
  await give(0, "1", "2", "3", "4");
  const taken = await taking;
  member.acknowledge(taken[1]!, "release");
  member.acknowledge(taken[2]!, "reject");
  const committed = member.commit();
  assert.equal(await acknowledged(), "accept 0-0, release 1-1, reject 2-2, accept 3-3");
  await committed;
  assert.throws(() => member.acknowledge(taken[0]!, "release"), RangeError);
  await close();
});

Deno.test("close() sends what was acknowledged, and leaves the rest to be released", async () => {
  const { member, give, close } = await memberOf();
  const taking = member.take(2);
  await give(0, "1", "2");
  member.acknowledge((await taking)[0]!, "accept");
  assert.equal(await close(), "accept 0-0");
});

Deno.test("records() accepts a record when the loop asks for the next", async () => {
  const { member, give, acknowledged, close } = await memberOf();
  const loop = member.records(), first = loop.next();
  await give(0, "1", "2");
  assert.equal((await first).value!.offset, 0);
  assert.equal((await loop.next()).value!.offset, 1);
  const third = loop.next();
  assert.equal(await acknowledged(), "accept 0-1");
  await give(5, "9");
  assert.equal((await third).value!.offset, 5);
  assert.equal(await close(), "");
});

Deno.test("a record that cannot be read is released, or rejected where such records are skipped", async () => {
  const strict = await memberOf(), failing = strict.member.take(1);
  await strict.give(0, "{oops");
  await assert.rejects(failing, { message: /^Cannot read the record at t-0-0: / });
  assert.equal(await strict.close(), "release 0-0");
  const lenient = await memberOf({ onDecodeError: "skip" }), taking = lenient.member.take(2);
  await lenient.give(0, "{oops", "2");
  assert.equal(await lenient.acknowledged(), "reject 0-0");
  await lenient.give(2, "3");
  assert.deepEqual(offsets(await taking), [1, 2]);
  await lenient.close();
});

const NOT_HELD = /^Cannot acknowledge some records of t-0 in share group "g": they are not held/;

Deno.test("commit() fails where records were held too long", async () => {
  const { member, give, acknowledged, close } = await memberOf();
  const taking = member.take(1);
  await give(0, "1");
  await taking;
  const committing = member.commit();
  await acknowledged(INVALID_RECORD_STATE);
  await assert.rejects(committing, { code: "INVALID_RECORD_STATE", message: NOT_HELD });
  await close();
});

Deno.test("take() goes on where records were held too long, and tells of it", async () => {
  const { member, give, acknowledged, told, close } = await memberOf();
  const first = member.take(1);
  await give(0, "1");
  await first;
  const second = member.take(1);
  await acknowledged(INVALID_RECORD_STATE);
  await give(1, "2");
  assert.deepEqual(offsets(await second), [1]);
  assert.match(told.join(), NOT_HELD);
  await close();
});

Deno.test("a session that its broker has lost is opened again, and what was held is forgotten", async () => {
  const { cluster, member, give, close } = await memberOf();
  const taking = member.take(2);
  await give(0, "1");
  const lost = await cluster.next("ShareFetch");
  assert.equal(lost.request.sessionEpoch, 1);
  lost.respond({ errorCode: SHARE_SESSION_NOT_FOUND, said: null, lockMs: 0, partitions: [] });
  const again = await give(0, "1");
  assert.equal(again.request.sessionEpoch, 0);
  assert.deepEqual(offsets(await taking), [0, 0], "the broker has released it, so it comes again");
  await close();
});

Deno.test("a partition that has moved is read from its new leader", async () => {
  const { cluster, member, give, close } = await memberOf();
  const taking = member.take(1), fetch = await cluster.next("ShareFetch");
  const before = cluster.refreshes;
  const partitions = [{
    ...t0,
    errorCode: NOT_LEADER,
    said: null,
    bytes: Buffer.alloc(0),
    acquired: [],
  }];
  fetch.respond({ errorCode: 0, said: null, lockMs: 0, partitions });
  await give(0, "1");
  await taking;
  assert.equal(cluster.refreshes, before + 1);
  await close();
});

Deno.test("take() fails at a refusal that no retry changes", async () => {
  const { cluster, member } = await memberOf();
  const taking = member.take(1), fetch = await cluster.next("ShareFetch");
  fetch.respond({
    ...{ errorCode: GROUP_AUTHORIZATION_FAILED, said: null, lockMs: 0, partitions: [] },
  });
  await assert.rejects(taking, {
    name: "KafkaError",
    message: 'Cannot read in share group "g": this user needs Read on group "g" (grant it)',
  });
  const closed = member.close();
  (await cluster.next("ShareGroupHeartbeat")).respond({});
  await closed;
});

Deno.test("take() that is aborted releases what it had", async () => {
  const { cluster, member, give, close } = await memberOf();
  const stop = new AbortController();
  const taking = member.take(2, { signal: stop.signal });
  await give(0, "1");
  const waiting = await cluster.next("ShareFetch");
  stop.abort(new Error("Stopped by you"));
  await assert.rejects(taking, { message: "Stopped by you" });
  waiting.respond(fetched(0, []));
  assert.equal(await close(), "release 0-0");
});
