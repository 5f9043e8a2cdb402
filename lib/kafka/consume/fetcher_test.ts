import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { rawBatch } from "../../../tests/testkit/raw_batch.ts";
import type { Kafka } from "../client/connect.ts";
import { FakeCluster, type FakeRequest } from "../transport/fake_cluster.ts";
import { Fetcher } from "./fetcher.ts";

const T0 = { topic: "t", partition: 0 };
const OFFSET_OUT_OF_RANGE = 1, NOT_LEADER = 6, TOPIC_AUTHORIZATION_FAILED = 29;

/** A fetcher over a fake cluster, what it handed over, and which offsets it asked for. */
function fetcherOf() {
  const cluster = new FakeCluster(), told: string[] = [];
  cluster.partitions.set("t", 1);
  const kafka = { cluster: () => cluster, notify: () => {} } as unknown as Kafka;
  const fetcher = new Fetcher(kafka, {
    onRecords: ({ records }) => told.push(...records.map(({ offset }) => `record ${offset}`)),
    onGap: ({ from, to }) => told.push(`gap ${from} to ${to}`),
    onReplaced: (topic) => told.push(`replaced ${topic}`),
  });
  return { cluster, fetcher, told };
}

function asked({ request }: FakeRequest): number {
  const [one] = request.partitions as { readonly offset: number }[];
  return one!.offset;
}

function answer(fetch: FakeRequest, partition: Record<string, unknown>): void {
  const nothing = { ...{ errorCode: 0, highWatermark: 9, stable: 9 }, aborted: [] };
  const bytes = Buffer.alloc(0);
  fetch.respond({ errorCode: 0, partitions: [{ ...T0, ...nothing, bytes, ...partition }] });
}

/** Closes it; it waits for the answer to the request that is under way. */
async function closeAfter(fetcher: Fetcher, last: FakeRequest): Promise<void> {
  const closed = fetcher.close();
  answer(last, {});
  await closed;
}

Deno.test("a fetcher asks for what comes after the records that it handed over", async () => {
  const { cluster, fetcher, told } = fetcherOf();
  await fetcher.assign(T0, 3);
  const first = await cluster.next("Fetch");
  assert.equal(asked(first), 3);
  answer(first, { bytes: rawBatch({ firstOffset: 2, values: ["a", "b", "c"] }) });
  const last = await cluster.next("Fetch");
  assert.equal(asked(last), 5);
  assert.deepEqual(told, ["record 3", "record 4"]);
  await closeAfter(fetcher, last);
});

Deno.test("a fetcher that gets no sequence of batches fails, and says where", async () => {
  const { cluster, fetcher, told } = fetcherOf();
  await fetcher.assign(T0, 3);
  const bytes = rawBatch({ firstOffset: 3, values: ["a"] });
  bytes.writeInt32BE(9, 8);
  answer(await cluster.next("Fetch"), { bytes });
  await assert.rejects(fetcher.failed, {
    name: "KafkaError",
    message: "Cannot read the records at t-0-3: cannot read a record batch of 21 bytes: " +
      "it is shorter than its header",
    topic: "t",
    partition: 0,
    offset: 3,
  });
  assert.deepEqual(told, []);
  await fetcher.close();
});

Deno.test("a fetcher drops an answer for a partition that was moved or given up meanwhile", async () => {
  const { cluster, fetcher, told } = fetcherOf();
  await fetcher.assign(T0, 3);
  const late = await cluster.next("Fetch");
  await fetcher.assign(T0, 1);
  answer(late, { bytes: rawBatch({ firstOffset: 3, values: ["a"] }) });
  const next = await cluster.next("Fetch");
  assert.equal(asked(next), 1);
  fetcher.unassign(T0);
  answer(next, { bytes: rawBatch({ firstOffset: 1, values: ["b"] }) });
  await fetcher.close();
  assert.deepEqual(told, []);
});

Deno.test("a fetcher looks for the new leader where a partition has moved", async () => {
  const { cluster, fetcher } = fetcherOf();
  await fetcher.assign(T0, 3);
  const refreshed = cluster.refreshes;
  answer(await cluster.next("Fetch"), { errorCode: NOT_LEADER });
  const last = await cluster.next("Fetch");
  assert.equal(asked(last), 3);
  assert.equal(cluster.refreshes, refreshed + 1);
  await closeAfter(fetcher, last);
});

Deno.test("a fetcher ends at a refusal that no retry changes", async () => {
  const { cluster, fetcher } = fetcherOf();
  await fetcher.assign(T0, 3);
  answer(await cluster.next("Fetch"), { errorCode: TOPIC_AUTHORIZATION_FAILED });
  await assert.rejects(fetcher.failed, { code: "TOPIC_AUTHORIZATION_FAILED" });
  await fetcher.close();
});

/** Answers what the fetcher asks about a log of which it misses the record it wants. */
async function tellEnds(cluster: FakeCluster, ...offsets: readonly number[]): Promise<void> {
  for (const offset of offsets) {
    (await cluster.next("ListOffsets")).respond([{ ...T0, errorCode: 0, offset }]);
  }
}

Deno.test("a fetcher goes on at the oldest record where retention took what it wanted", async () => {
  const { cluster, fetcher, told } = fetcherOf();
  await fetcher.assign(T0, 3);
  answer(await cluster.next("Fetch"), { errorCode: OFFSET_OUT_OF_RANGE });
  await tellEnds(cluster, 8, 20);
  const last = await cluster.next("Fetch");
  assert.equal(asked(last), 8);
  assert.deepEqual(told, ["gap 3 to 8"]);
  await closeAfter(fetcher, last);
});

Deno.test("a fetcher without topic ids tells by its end that a log is another one", async () => {
  const { cluster, fetcher, told } = fetcherOf();
  await fetcher.assign(T0, 30);
  answer(await cluster.next("Fetch"), { errorCode: OFFSET_OUT_OF_RANGE });
  await tellEnds(cluster, 0, 2);
  const last = await cluster.next("Fetch");
  assert.equal(asked(last), 0);
  assert.deepEqual(told, ["replaced t"]);
  await closeAfter(fetcher, last);
});

Deno.test("a fetcher that is asked by topic id reads a topic of another id from its beginning", async () => {
  const { cluster, fetcher, told } = fetcherOf();
  cluster.topicIds.set("t", "0".repeat(31) + "1");
  await fetcher.assign(T0, 3);
  const fetch = await cluster.next("Fetch");
  cluster.topicIds.set("t", "0".repeat(31) + "2");
  const UNKNOWN_TOPIC_ID = 100;
  answer(fetch, { topic: "0".repeat(31) + "1", errorCode: UNKNOWN_TOPIC_ID });
  const last = await cluster.next("Fetch");
  assert.equal(asked(last), 0);
  assert.deepEqual(told, ["replaced t"]);
  await closeAfter(fetcher, last);
});
