import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import type { Kafka } from "../client/connect.ts";
import { KafkaError } from "../client/errors.ts";
import { FakeCluster, type FakeRequest } from "../transport/fake_cluster.ts";
import type { ProduceRequest } from "../wire/api/produce.ts";
import { ProduceSession, type SessionOptions } from "./produce_session.ts";

const OK = 0, NOT_LEADER = 6, OUT_OF_ORDER = 45, DUPLICATE = 46, INVALID_RECORD = 87;

/** A session over a fake cluster that has a topic "t" with two partitions, and has its identity. */
function sessionOf(options: SessionOptions = {}) {
  const cluster = new FakeCluster();
  cluster.partitions.set("t", 2);
  const kafka = { cluster: () => cluster, notify: () => {} } as unknown as Kafka;
  const session = new ProduceSession(kafka, "p", options);
  const identify = async (producerId: bigint) => {
    const { respond } = await cluster.next("InitProducerId");
    respond({ errorCode: OK, producerId, producerEpoch: 0 });
  };
  return { cluster, session, identify };
}

const batch = (partition: number, ...values: string[]) => ({
  topic: "t",
  partition,
  messages: values.map((value) => ({ key: null, value: Buffer.from(value), timestamp: 1 })),
});

/** `7 p0@3×2`: written by 7, to partition 0, two records from sequence number 3 on. */
function asked({ request }: FakeRequest): string {
  const { identity, batches } = request as unknown as ProduceRequest;
  const parts = batches.map((one) =>
    `p${one.partition}@${one.firstSequence}×${one.messages.length}`
  );
  return `${identity.producerId} ${parts.join(" ")}`;
}

const written = (partition: number, errorCode = OK, baseOffset = 0) => (
  { topic: "t", partition, errorCode, baseOffset, logAppendTime: -1 }
);

Deno.test("ProduceSession sends a batch again under the same sequence number, and counts on from there", async () => {
  const { cluster, session, identify } = sessionOf();
  const writing = session.write([batch(0, "a", "b"), batch(1, "c")]);
  await identify(7n);
  const first = await cluster.next("Produce");
  assert.equal(asked(first), "7 p0@0×2 p1@0×1");
  first.respond([written(0, NOT_LEADER), written(1, OK, 4)]);
  const second = await cluster.next("Produce");
  assert.equal(asked(second), "7 p0@0×2", "what was acknowledged is not sent again");
  second.fail(Object.assign(new Error("Closed connection"), {
    name: "KafkaJSConnectionClosedError",
    retriable: true,
  }));
  const third = await cluster.next("Produce");
  assert.equal(asked(third), "7 p0@0×2", "the same number: the broker can tell a repeat");
  third.respond([written(0, OK, 9)]);
  assert.deepEqual((await writing).map((one) => "error" in one || one.baseOffset), [9, 4]);
  const next = session.write([batch(0, "d"), batch(1, "e")]);
  const fourth = await cluster.next("Produce");
  assert.equal(asked(fourth), "7 p0@2×1 p1@1×1");
  fourth.respond([written(0), written(1)]);
  await next;
  await session.close();
});

Deno.test("ProduceSession takes a duplicate for written: its acknowledgement was lost", async () => {
  const { cluster, session, identify } = sessionOf();
  const writing = session.write([batch(0, "a")]);
  await identify(7n);
  (await cluster.next("Produce")).respond([written(0, DUPLICATE, -1)]);
  assert.deepEqual((await writing).map((one) => "error" in one), [false]);
  const next = session.write([batch(0, "b")]);
  const second = await cluster.next("Produce");
  assert.equal(asked(second), "7 p0@1×1");
  second.respond([written(0)]);
  await next;
  await session.close();
});

Deno.test("ProduceSession goes on under a new identity, from 0, where the broker forgot it", async () => {
  const { cluster, session, identify } = sessionOf();
  const writing = session.write([batch(0, "a")]);
  await identify(7n);
  (await cluster.next("Produce")).respond([written(0)]);
  await writing;
  const next = session.write([batch(0, "b")]);
  const refused = await cluster.next("Produce");
  assert.equal(asked(refused), "7 p0@1×1");
  refused.respond([written(0, OUT_OF_ORDER)]);
  await identify(8n);
  const again = await cluster.next("Produce");
  assert.equal(asked(again), "8 p0@0×1");
  again.respond([written(0)]);
  await next;
  await session.close();
});

Deno.test("ProduceSession gives up the batch that is refused for good, and writes the others", async () => {
  const { cluster, session, identify } = sessionOf();
  const writing = session.write([batch(0, "a"), batch(1, "b")]);
  await identify(7n);
  (await cluster.next("Produce")).respond([
    { ...written(0, INVALID_RECORD, -1), errorMessage: "no such record" },
    written(1),
  ]);
  const [first, second] = await writing;
  assert.match(
    String("error" in first! && first.error.message),
    /refuses a record: no such record/,
  );
  assert.equal("error" in second!, false);
  await session.close();
});

Deno.test("ProduceSession asks before each attempt, and writes nothing once that is refused", async () => {
  const refused = new KafkaError("no longer", { code: "UNKNOWN_MEMBER_ID" });
  let asked = 0;
  const { cluster, session, identify } = sessionOf({
    confirm: () => {
      if (++asked > 1) throw refused;
    },
  });
  const writing = session.write([batch(0, "a")]);
  await identify(7n);
  (await cluster.next("Produce")).respond([written(0, NOT_LEADER)]);
  assert.deepEqual(await writing, [{ error: refused }]);
  assert.equal(asked, 2);
});
