/** The parts an engine is built of, on a real Kafka: reading without a group, membership, transactions. */
import { sleep } from "../async/mod.ts";
import assert from "node:assert/strict";
import type { TopicPartition } from "../serde/mod.ts";
import { Buffer } from "node:buffer";
import {
  Fetcher,
  GroupMembership,
  type LogRecord,
  type PartitionBatch,
  TransactionSession,
} from "./engine.ts";
import { connect, type Kafka, producer, string } from "./mod.ts";

const unique = () => crypto.randomUUID().slice(0, 8);

async function withTopic(
  partitions: number,
  use: (kafka: Kafka, topic: string) => Promise<void>,
): Promise<void> {
  await using kafka = await connect();
  const topic = `engine-${unique()}`;
  await kafka.topics.create(topic, { partitions });
  try {
    await use(kafka, topic);
  } finally {
    await kafka.topics.delete(topic);
  }
}

/** Reads one partition until `enough` holds of what was read, and stops. */
async function readUntil(
  kafka: Kafka,
  from: TopicPartition & { readonly offset: number },
  enough: (values: readonly string[], fetcher: Fetcher) => boolean,
  options: { readonly readUncommitted?: boolean } = {},
): Promise<string[]> {
  const values: string[] = [], done = Promise.withResolvers<void>();
  const look = () => enough(values, fetcher) && done.resolve();
  const fetcher: Fetcher = new Fetcher(kafka, {
    ...options,
    onRecords: ({ records }) => void values.push(...records.map(valueOf)),
    onAnswer: look,
  });
  await fetcher.assign(from, from.offset);
  await Promise.race([done.promise, fetcher.failed]);
  await fetcher.close();
  return values;
}

const valueOf = ({ value }: LogRecord) => new TextDecoder().decode(value ?? undefined);
const batch = (topic: string, partition: number, ...values: string[]): PartitionBatch => ({
  topic,
  partition,
  messages: values.map((value) => ({ key: null, value: Buffer.from(value), timestamp: 1000 })),
});

Deno.test("Fetcher reads from an offset on, and goes on with what is written later", async () => {
  await withTopic(1, async (kafka, topic) => {
    await using out = producer(kafka, { value: string });
    await out.send(topic, ["a", "b", "c"].map((value) => ({ value })));
    const seen = readUntil(kafka, { topic, partition: 0, offset: 1 }, (all) => all.length === 3);
    await out.send(topic, { value: "d" });
    assert.deepEqual(await seen, ["b", "c", "d"]);
  });
});

Deno.test("Fetcher tells of records that are gone from the log and goes on at the oldest", async () => {
  await withTopic(1, async (kafka, topic) => {
    await using out = producer(kafka, { value: string });
    await out.send(topic, ["a"].map((value) => ({ value })));
    const gaps: unknown[] = [], seen = Promise.withResolvers<string>();
    const fetcher = new Fetcher(kafka, {
      onRecords: ({ records }) => seen.resolve(valueOf(records[0]!)),
      onGap: (gap) => gaps.push(gap),
    });
    await fetcher.assign({ topic, partition: 0 }, 50);
    assert.equal(await seen.promise, "a");
    assert.deepEqual(gaps, [{ topic, partition: 0, from: 50, to: 0 }]);
    await fetcher.close();
  });
});

Deno.test("TransactionSession shows readers what was committed, and nothing that was aborted", async () => {
  await withTopic(1, async (kafka, topic) => {
    const session = new TransactionSession(kafka, `txn-${unique()}`);
    const member = soleMember(kafka, [topic]);
    await member.join();
    await session.begin();
    await session.writeAll([batch(topic, 0, "kept 1", "kept 2")]);
    await session.commit(member, [{ topic, partition: 0, offset: 7, metadata: "m" }]);
    await session.writeAll([batch(topic, 0, "given up")]);
    await session.abort();
    await session.writeAll([batch(topic, 0, "kept 3")]);
    await session.commit(member, []);
    const all = (values: readonly string[]) => values.includes("kept 3");
    const start = { topic, partition: 0, offset: 0 };
    assert.deepEqual(await readUntil(kafka, start, all), ["kept 1", "kept 2", "kept 3"]);
    assert.equal((await readUntil(kafka, start, all, { readUncommitted: true })).length, 4);
    assert.deepEqual(
      await member.coordinator.committed([{ topic, partition: 0 }], { stable: true }),
      [
        { topic, partition: 0, offset: 7, metadata: "m" },
      ],
    );
    await session.close();
    await member.leave();
  });
});

Deno.test("TransactionSession fences whoever used its id before, in the middle of a transaction", async () => {
  await withTopic(1, async (kafka, topic) => {
    const id = `txn-${unique()}`, member = soleMember(kafka, [topic]);
    await member.join();
    const zombie = new TransactionSession(kafka, id), heir = new TransactionSession(kafka, id);
    await zombie.begin();
    await zombie.writeAll([batch(topic, 0, "zombie 1")]);
    await heir.begin();
    await assert.rejects(zombie.writeAll([batch(topic, 0, "zombie 2")]), { name: "KafkaError" });
    await assert.rejects(zombie.commit(member, [{ topic, partition: 0, offset: 1 }]));
    await heir.writeAll([batch(topic, 0, "heir")]);
    await heir.commit(member, [{ topic, partition: 0, offset: 1 }]);
    const start = { topic, partition: 0, offset: 0 };
    const seen = await readUntil(kafka, start, (values) => values.includes("heir"));
    assert.deepEqual(seen, ["heir"]);
    await Promise.all([zombie.close(), heir.close(), member.leave()]);
  });
});

Deno.test("TransactionSession refuses offsets of a member whose group went on without it", async () => {
  await withTopic(2, async (kafka, topic) => {
    const group = `g-${unique()}`, joined: number[] = [];
    const first = groupMember(kafka, group, topic, (partitions) => joined.push(partitions.length));
    await first.join();
    const stale = first.identity;
    const second = groupMember(kafka, group, topic, () => {});
    await second.join();
    while (joined.length < 2) await sleep(10);
    const session = new TransactionSession(kafka, `txn-${unique()}`);
    await session.begin();
    await session.writeAll([batch(topic, 0, "stale")]);
    assert.ok(first.identity.generation > stale.generation);
    await assert.rejects(
      session.commit(first, [{ topic, partition: 0, offset: 1 }], {
        as: (commit) => commit(stale),
      }),
      { name: "KafkaError", code: "ILLEGAL_GENERATION" },
    );
    await session.abort();
    await Promise.all([session.close(), first.leave(), second.leave()]);
  });
});

function soleMember(kafka: Kafka, topics: readonly string[]): GroupMembership {
  return groupMember(kafka, `g-${unique()}`, topics[0]!, () => {});
}

function groupMember(
  kafka: Kafka,
  group: string,
  topic: string,
  onAssign: (partitions: readonly TopicPartition[]) => void,
): GroupMembership {
  return GroupMembership.of(kafka, {
    group,
    topics: [topic],
    assignors: [{
      name: "test",
      announce: () => "hello",
      assign: (candidates) =>
        new Map(candidates.map(({ memberId, announced }, partition) => {
          assert.equal(announced, "hello");
          return [memberId, partition < 2 ? [{ topic, partition }] : []];
        })),
    }],
    onRevoke: () => Promise.resolve(),
    onAssign: ({ partitions }) => Promise.resolve(onAssign(partitions)),
    onLost: (error) => {
      throw error;
    },
  });
}
