import assert from "node:assert/strict";
import { rawBatch } from "../../../../tests/testkit/raw_batch.ts";
import type { Kafka } from "../../../kafka/mod.ts";
import { FakeCluster, type FakeRequest } from "../../../kafka/transport/fake_cluster.ts";
import { readShareState, ShareStates } from "./share_state.ts";

const TOPIC_ID = "000102030405060708090a0b0c0d0e0f";
const key = (kind: number, group = "g") =>
  Uint8Array.fromHex(
    `${kind.toString(16).padStart(4, "0")}0001${
      [...group].map((char) => char.charCodeAt(0).toString(16)).join("")
    }${TOPIC_ID}00000002`,
  );
/** Offsets 5 to 7, given back, handed out twice; 8 acknowledged. */
const BATCHES = "03" + "0000000000000005" + "0000000000000007" + "00" + "0002" + "00" +
  "0000000000000008" + "0000000000000008" + "02" + "0001" + "00";
const EPOCHS = "0000000100000002", START = "0000000000000005";

Deno.test("readShareState() reads snapshots and updates as Kafka's coordinators write them", () => {
  const snapshot = `0000${EPOCHS}00000003${START}${"00".repeat(16)}${BATCHES}00`;
  const update = `0000${EPOCHS}${START}${BATCHES}00`;
  const said = {
    ...{ group: "g", topicId: TOPIC_ID, partition: 2 },
    batches: [
      { first: 5, last: 7, state: "available" as const, deliveries: 2 },
      { first: 8, last: 8, state: "acknowledged" as const, deliveries: 1 },
    ],
  };
  assert.deepEqual(readShareState(key(0), Uint8Array.fromHex(snapshot)), {
    ...said,
    isWhole: true,
  });
  assert.deepEqual(readShareState(key(1), Uint8Array.fromHex(update)), { ...said, isWhole: false });
});

Deno.test("readShareState() leaves alone what is of another kind, or cut", () => {
  const value = Uint8Array.fromHex(`0000${EPOCHS}${START}${BATCHES}00`);
  assert.equal(readShareState(key(7), value), undefined);
  const later = value.slice();
  later[1] = 9;
  assert.equal(readShareState(key(1), later), undefined);
  for (let length = 0; length < value.length - 1; length++) {
    assert.equal(readShareState(key(1), value.subarray(0, length)), undefined, `${length} bytes`);
  }
});

Deno.test("ShareStates reads on where it was, over the connection that it has", async () => {
  const topic = "__share_group_state", cluster = new FakeCluster();
  cluster.partitions.set(topic, 1);
  let end = 1, opened = 0;
  const kafka = {
    cluster: () => {
      opened++;
      return cluster;
    },
    notify: () => {},
    topics: {
      exists: () => Promise.resolve(true),
      beginOffsets: () => Promise.resolve([0]),
      endOffsets: () => Promise.resolve([end]),
    },
  } as unknown as Kafka;
  const states = new ShareStates();
  const look = () => states.of(kafka, [{ group: "g", topicId: TOPIC_ID, partition: 2 }]);
  const answer = (fetch: FakeRequest, firstOffset: number, batches: string) => {
    const value = Uint8Array.fromHex(`0000${EPOCHS}${START}${batches}00`);
    const bytes = rawBatch({ firstOffset, keys: [key(1)], values: [value] });
    const part = { ...{ topic, partition: 0, errorCode: 0, aborted: [] }, bytes };
    fetch.respond({ errorCode: 0, partitions: [{ ...part, highWatermark: 9, stable: 9 }] });
  };
  const first = look();
  answer(await cluster.next("Fetch"), 0, BATCHES);
  const [before] = await first;
  assert.deepEqual(before!.batches.map(({ first, state }) => [first, state]), [
    [5, "available"],
    [8, "acknowledged"],
  ]);
  end = 2;
  const second = look();
  answer(
    await cluster.next("Fetch"),
    1,
    "02" + "0000000000000005" + "0000000000000005" + "02" + "0003" + "00",
  );
  const [after] = await second;
  assert.deepEqual(after!.batches.map(({ first, last, deliveries }) => [first, last, deliveries]), [
    [5, 5, 3],
    [6, 7, 2],
    [8, 8, 1],
  ]);
  assert.equal(opened, 1);
  const closing = states.close();
  (await cluster.next("Fetch")).fail(new Error("closed"));
  await closing;
  assert.ok(cluster.closed);
});
