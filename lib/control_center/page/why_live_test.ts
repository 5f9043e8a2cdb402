/** Causes made on a real broker, looked at as the server does, and named. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { emptyTopic, overlookTopics, TransactionSession } from "../../kafka/engine.ts";
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
  }));
