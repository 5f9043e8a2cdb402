import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { TransactionSession } from "../../../kafka/engine.ts";
import { type Kafka, producer } from "../../../kafka/mod.ts";
import { until } from "../../../../tests/own_brokers.ts";
import { onKafka } from "../../../../tests/testkit/live_kafka.ts";
import { logLanes } from "./lanes.ts";
import { fieldFilter, recordMatches } from "./field_filter.ts";
import type { View } from "./place.ts";
import { tail, type TailOptions, type TailPart } from "./tail.ts";

/** Reads until there is no more to read, or as much as was asked for was read. */
async function read(
  kafka: Kafka,
  topic: string,
  view: View,
  matches?: TailOptions["matches"],
) {
  const ended = new AbortController(), parts: TailPart[] = [];
  await tail(kafka, {
    topic,
    view,
    signal: ended.signal,
    ...(matches ? { matches } : {}),
    onPart: (part) => {
      parts.push(part);
      if (part.at !== "behind") ended.abort();
      return Promise.resolve();
    },
  });
  const sum = (of: (part: TailPart) => number) => parts.reduce((all, part) => all + of(part), 0);
  return {
    at: parts.at(-1)!.at,
    next: parts.at(-1)!.next,
    records: parts.flatMap(({ records }) => records),
    notes: parts.flatMap(({ notes }) => notes),
    times: parts.flatMap(({ records }) => records.map(({ timestamp }) => timestamp)),
    unmatched: sum((part) => part.unmatched),
    hollow: sum((part) => part.hollow),
  };
}

Deno.test("tail() reads partitions in the order of time, page by page, and up to a time", () =>
  onKafka(async ({ kafka, topic: made }) => {
    const topic = await made("tail");
    await using out = producer(kafka);
    const send = (partition: number, ...times: number[]) =>
      out.send(topic, times.map((timestamp) => ({ partition, timestamp, value: { timestamp } })));
    // The first partition has the old records, and the second begins in their middle.
    await send(0, 1_000, 1_001, 1_002, 1_003, 1_004);
    await send(1, 1_003, 1_005, 1_006);
    const first = await read(kafka, topic, { from: "begin", max: 4 });
    assert.deepEqual([first.times, first.at], [[1_000, 1_001, 1_002, 1_003], "held"]);
    const rest = await read(kafka, topic, { from: { next: first.next }, max: 100 });
    assert.deepEqual([rest.times, rest.at], [[1_003, 1_004, 1_005, 1_006], "live"]);

    const until = await read(kafka, topic, { from: "begin", untilMs: 1_003, max: 100 });
    assert.deepEqual([until.times, until.at], [[1_000, 1_001, 1_002], "held"]);
    const between = await read(kafka, topic, {
      ...{ from: { timestampMs: 1_002 }, untilMs: 1_006, max: 100 },
    });
    assert.deepEqual(between.times, [1_002, 1_003, 1_003, 1_004, 1_005]);

    const newest = await read(kafka, topic, { from: { newest: 2 } });
    assert.deepEqual(newest.times.sort(), [1_003, 1_004, 1_005, 1_006]);
    const beyond = await read(kafka, topic, { from: { offset: 99 }, partition: 1 });
    assert.deepEqual(beyond.notes, ["Partition 1 ends at 3: showing what comes after that."]);

    const field = fieldFilter("timestamp >= 1005")!;
    const found = await read(
      kafka,
      topic,
      { from: "begin", max: 100 },
      (one) => recordMatches(one, field),
    );
    assert.deepEqual([found.times, found.unmatched], [[1_005, 1_006], 6]);
  }));

Deno.test("tail() counts what transactions leave without a record, and stops where one is open", () =>
  onKafka(async ({ kafka, topic: made, name }) => {
    const topic = await made("tail-tx", 1);
    const session = new TransactionSession(kafka, name("tail-tx"));
    const write = async (timestamp: number) => {
      const messages = [{ key: null, value: Buffer.from("1"), timestamp }];
      await session.writeAll([{ topic, partition: 0, messages }]);
    };
    await session.begin();
    await write(1);
    await session.abort();
    // The broker answers before it has written the marker, and the next record could come before it.
    await until("the marker of the abort", async () => {
      const [stable] = await kafka.topics.endOffsets(topic);
      return stable === 2 ? true : undefined;
    });
    await using out = producer(kafka);
    await out.send(topic, { partition: 0, timestamp: 2, value: 2 });
    // An aborted record and the marker of its transaction come before it.
    const done = await read(kafka, topic, { from: "begin" });
    assert.deepEqual([done.times, done.hollow, done.next.get(0)], [[2], 2, 3]);
    await write(3);
    await out.send(topic, { partition: 0, timestamp: 4, value: 4 });
    const open = await read(kafka, topic, { from: "begin" });
    assert.deepEqual([open.times, open.next.get(0)], [[2], 3]);
    // Where transactions are shown, nothing is left out: the markers, too, stand in their place.
    for (const max of [100, undefined]) {
      const all = await read(kafka, topic, {
        ...{ from: "begin", uncommitted: true },
        ...(max ? { max } : {}),
      });
      assert.deepEqual([all.hollow, all.next.get(0)], [0, 5]);
      const [aborted, marker, plain, waits] = all.records.toSorted((a, b) => a.offset - b.offset);
      assert.deepEqual([aborted?.marker, marker?.marker, plain?.marker], [
        undefined,
        "abort",
        undefined,
      ]);
      assert.equal(aborted?.producer, marker?.producer);
      assert.deepEqual([plain?.producer, waits?.producer], [undefined, aborted?.producer]);
    }
    const lanes = await logLanes(kafka, topic, {
      edges: { begin: [0], end: [5] },
      ...{ group: undefined, history: { samples: [], holdings: [] }, positionOf: () => null },
      bySchema: () => Promise.resolve({ trouble: "no registry" }),
    });
    const [{ boxes = [], stable = null } = {}] = lanes.partitions;
    assert.deepEqual(
      boxes.map((one) => one.kind === "hole" ? "hole" : `${one.kind} ${one.transaction?.state}`),
      ["record aborted", "marker aborted", "record undefined", "record open", "record undefined"],
    );
    assert.equal(stable, 3);
    await session.abort();
    await session.close();
  }));
