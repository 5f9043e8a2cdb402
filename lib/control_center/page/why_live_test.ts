/** Causes made on a real broker, looked at as the server does, and named. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import {
  emptyTopic,
  GroupCoordinator,
  overlookTopics,
  TransactionSession,
} from "../../kafka/engine.ts";
import { JOIN_GROUP } from "../../kafka/wire/api/join_group.ts";
import { LEAVE_GROUP } from "../../kafka/wire/api/leave_group.ts";
import { SYNC_GROUP } from "../../kafka/wire/api/sync_group.ts";
import { encodeAssignment, encodeSubscription } from "../../kafka/wire/consumer_protocol.ts";
import type { TopicPartition } from "../../serde/mod.ts";
import { type Consumer, consumer, type ConsumerOptions, producer } from "../../kafka/mod.ts";
import { numbers, onKafka } from "../../../tests/testkit/live_kafka.ts";
import { SAMPLE_EVERY_MS } from "../contract.ts";
import { History } from "../server/cluster/history.ts";
import { clusterState } from "../server/cluster/snapshot.ts";
import { whyNothing } from "./why.ts";

Deno.test("whyNothing() names what was done to a group on a real broker, one cause after another", () =>
  onKafka(async ({ kafka, topic, name }) => {
    const of = await topic("why", 1), empty = await topic("why-empty", 1);
    await using out = producer(kafka);
    const overlook = overlookTopics(kafka);
    await using stack = new AsyncDisposableStack();
    stack.defer(() => overlook.close());
    /** What the page says of a group that stays as it is for half a minute. */
    const cause = async (group: string) => {
      const history = new History();
      const state = await clusterState(kafka, { overlook, stored: [] });
      for (let at = 0; at < 6; at++) history.add(state, at * SAMPLE_EVERY_MS);
      const line = state.groups.find((one) => one.group === group)!;
      const topics = line.lags.map((one) => one.topic);
      const { rates } = history.rates({ groups: [group], topics });
      return whyNothing({
        group: line,
        topics: state.topics,
        history: history.of(group),
        committed: rates[group],
        written: rates[topics[0] ?? ""],
      })?.cause;
    };
    const joins = async (
      group: string,
      options: Partial<ConsumerOptions<unknown, unknown>> = {},
    ) => {
      const all = {
        group,
        topics: of,
        autoCommit: false,
        ...options,
      } as const;
      const joined: Consumer<unknown, unknown> = await consumer(kafka, all);
      return stack.use(joined);
    };

    const group = name("why");
    await out.send(of, numbers(0, 4));
    const reader = await joins(group, { name: "a" });
    assert.equal(
      await cause(group),
      "The group has committed nothing yet: it began at the end, or does not commit.",
    );
    await reader.take(2);
    await reader.commit();
    assert.match((await cause(group))!, /^The group stands still/);
    await reader.take(2);
    await reader.commit();
    assert.match((await cause(group))!, /^The group has read everything/);
    const idle = await joins(group, { name: "b" });
    await kafka.groups.settled(group, { members: 2 });
    assert.equal(await cause(group), "b gets nothing: there are more members than partitions.");
    await idle.close();
    await kafka.groups.settled(group, { members: 1 });

    const session = new TransactionSession(kafka, name("why-tx"));
    await session.begin();
    const value = Buffer.from("1");
    await session.writeAll([
      { topic: of, partition: 0, messages: [{ key: null, value, timestamp: 1 }] },
    ]);
    assert.match((await cause(group))!, new RegExp(`^A transaction is open on ${of}-0`));
    await session.abort();
    await session.close();

    await reader.close();
    await kafka.groups.settled(group, { members: 0 });
    await out.send(of, numbers(4, 6));
    assert.equal(await cause(group), "Nobody has joined: the group has no members.");
    await emptyTopic(kafka, of);
    await joins(group, { name: "c" });
    assert.equal(await cause(group), `What ${of}-0 had at the committed offset is deleted.`);

    const hungry = name("why-empty");
    await joins(hungry, { topics: empty });
    await kafka.groups.settled(hungry, { members: 1 });
    assert.equal(await cause(hungry), `There is nothing to read: ${empty} is empty.`);

    // Members that say what they like, and never answer a rebalance.
    const odd = (what: string) => {
      const group = name(`why-${what}`), coordinator = new GroupCoordinator(kafka.cluster(), group);
      stack.defer(async () => {
        await coordinator.close();
        await kafka.groups.delete(group);
      });
      return { group, coordinator };
    };
    const stuck = odd("stuck");
    stack.defer(await join(stuck.coordinator));
    assert.match((await cause(stuck.group))!, /^The group is sharing out its partitions/);
    const lost = odd("lost");
    stack.defer(await join(lost.coordinator, [{ topic: name("never-made"), partition: 0 }]));
    assert.equal(await cause(lost.group), `The topic ${name("never-made")} is not there any more.`);
    const none = odd("none");
    stack.defer(await join(none.coordinator, []));
    assert.equal(await cause(none.group), "No member owns a partition.");
    const remade = odd("remade");
    const nobody = { group: remade.group, generation: -1, memberId: "" };
    await remade.coordinator.commit(
      [{ topic: of, partition: 0, offset: 99, metadata: "" }],
      nobody,
    );
    assert.equal(
      await cause(remade.group),
      `The committed offset of ${of}-0 is behind its end: the topic was deleted and made again.`,
    );
  }));

/**
 * Joins as the only member of a group, and gives itself these partitions; without any it never shares out.
 *
 * @returns What makes it leave.
 */
async function join(
  coordinator: GroupCoordinator,
  partitions?: readonly TopicPartition[],
): Promise<() => Promise<void>> {
  const { group } = coordinator, topics = ["any"], instanceId = null;
  const metadata = encodeSubscription({ topics, userData: new Uint8Array(), owned: [] });
  const ask = (memberId: string) =>
    coordinator.send(JOIN_GROUP, {
      ...{ group, memberId, instanceId, sessionTimeoutMs: 60_000, rebalanceTimeoutMs: 60_000 },
      ...{ protocols: [{ name: "odd", metadata }], reason: "a test" },
    }, { errorIn: ({ errorCode }) => errorCode === MEMBER_ID_REQUIRED ? 0 : errorCode });
  const first = await ask("");
  const joined = first.errorCode === 0 ? first : await ask(first.memberId);
  const { memberId, generation } = joined;
  const leave = { group, memberId, instanceId, reason: "a test" };
  const leaves = async () => {
    await coordinator.send(LEAVE_GROUP, leave, { errorIn: () => 0 });
  };
  if (!partitions) return leaves;
  await coordinator.send(SYNC_GROUP, {
    ...{ group, memberId, generation, instanceId, protocol: "odd" },
    assignments: [{ memberId, assignment: encodeAssignment(partitions) }],
  }, { errorIn: ({ errorCode }) => errorCode });
  return leaves;
}

/** Kafka gives a new member its name, and wants to hear it. */
const MEMBER_ID_REQUIRED = 79;
