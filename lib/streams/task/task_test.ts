import assert from "node:assert/strict";
import {
  app,
  int64,
  json,
  memoryStores,
  type Serde,
  session,
  string,
  TestDriver,
  topic,
  tumbling,
} from "../mod.ts";
import { Task } from "./task.ts";

const a = topic("a", { key: string, value: json<string>() });
const b = topic("b", { key: string, value: json<string>() });
const bytes = (text: string) => new TextEncoder().encode(text);
const hex = (raw: Uint8Array | null) =>
  [...raw ?? []].map((n) => n.toString(16).padStart(2, "0")).join("");
const raw = (timestamp: number, offset: number) => ({
  key: bytes("k"),
  value: bytes(JSON.stringify(`${timestamp}`)),
  timestamp,
  offset,
});

function mergeTask(isCaughtUp?: (topic: string) => boolean) {
  const merged = app("merged");
  merged.stream(a).merge(merged.stream(b)).to("out");
  const topology = merged.topology();
  return new Task(topology, { subTopology: 0, partition: 0 }, {
    clock: { now: () => 0 },
    stores: memoryStores(),
    ...(isCaughtUp ? { isCaughtUp } : {}),
  });
}

const times = (task: Task) =>
  (task.takeOutputs() as { timestamp: number }[]).map((o) => o.timestamp);

Deno.test("Task.step() takes the lowest head, and within a topic the order of offsets", () => {
  const task = mergeTask();
  task.enqueue("a", [raw(10, 0), raw(30, 1)]);
  task.enqueue("b", [raw(20, 0), raw(5, 1)]);
  while (task.step() === true);
  assert.deepEqual(times(task), [10, 20, 5, 30]);
});

Deno.test("Task.step() waits for an input that the broker has more of, and says which", () => {
  let caughtUp = false;
  const task = mergeTask((topic) => topic !== "b" || caughtUp);
  task.enqueue("a", [raw(10, 0)]);
  assert.equal(task.step(), false);
  assert.deepEqual(task.waitingFor, ["b"]);
  caughtUp = true;
  assert.equal(task.step(), true);
});

Deno.test("Task.positions() counts what was processed, not what was fetched", () => {
  const task = mergeTask();
  task.enqueue("a", [raw(1, 7), raw(2, 8)]);
  assert.deepEqual([...task.positions()], []);
  task.step();
  assert.deepEqual([...task.positions()], [["a", 8]]);
});

Deno.test("Task passes bytes through untouched where nobody looks at them", () => {
  const task = mergeTask();
  const odd = { ...raw(1, 0), value: bytes('{ "spaces" :  1 }') };
  task.enqueue("a", [odd]);
  task.step();
  const [output] = task.takeOutputs() as { value: Uint8Array }[];
  assert.equal(output?.value, odd.value);
});

Deno.test("Task.step() gives a promise while a serde needs time, and keeps the order", async () => {
  const slow: Serde<string> = {
    encode: (value) => Promise.resolve(bytes(value)),
    decode: (raw) => Promise.resolve(new TextDecoder().decode(raw!)),
  };
  const shout = app("shout");
  const from = topic("from", { key: string, value: slow, nullable: false });
  shout.stream(from).mapValues((text) => text.toUpperCase(), { value: slow }).to("out");
  using driver = new TestDriver(shout);
  const sent = ["a", "b"].map((value, timestamp) => ({ key: "k", value, timestamp }));
  await driver.pipe(from, ...sent);
  const out = topic("out", { key: string, value: string });
  assert.deepEqual(driver.read(out).map(({ value }) => value), ["A", "B"]);
});

Deno.test("Task.metadata() brings stream time to the task that comes after", () => {
  const first = mergeTask(), second = mergeTask();
  first.enqueue("a", [raw(50, 0)]);
  first.step();
  second.restoreMetadata(first.metadata());
  assert.equal(second.streamTime, 50);
  second.restoreMetadata("something else");
  assert.equal(second.streamTime, 50);
});

Deno.test("Task writes windowed keys as Kafka Streams does, when asked to", () => {
  const windows = app("x");
  windows.stream(a).groupByKey().windowedBy(tumbling({ sizeMs: 60_000 }))
    .count("c", { windowKey: "java", value: int64 }).toStream().to("out");
  using driver = new TestDriver(windows);
  driver.pipe(a, { key: "1", value: "x", timestamp: 65_000 });
  const [changed] = driver.changelog("c");
  assert.equal(hex(changed!.key), "31000000000000ea6000000000");
  assert.equal(hex(changed!.value), "0000000000000001");
  assert.equal(changed!.timestamp, 65_000);
  assert.equal(hex(driver.log("out")[0]!.key), "31000000000000ea60");
});

Deno.test("Task writes session keys as Kafka Streams does, the end first", () => {
  const sessions = app("x");
  sessions.stream(a).groupByKey().windowedBy(session({ gapMs: 10 }))
    .count("c", { windowKey: "java" }).toStream().to("out");
  using driver = new TestDriver(sessions);
  driver.pipe(a, { key: "1", value: "x", timestamp: 65_000 });
  const key = "31000000000000fde8000000000000fde8";
  assert.equal(hex(driver.changelog("c")[0]!.key), key);
  assert.equal(hex(driver.log("out")[0]!.key), key);
});

Deno.test("Task writes readable windowed keys by default, on the partition of the bare key", () => {
  const windows = app("x");
  windows.stream(a).groupByKey().windowedBy(tumbling({ sizeMs: 60_000 })).count("c").toStream()
    .to("out");
  using driver = new TestDriver(windows, { partitions: 6 });
  driver.pipe(a, { key: "1", value: "x", timestamp: 65_000 });
  const [record] = driver.read("out");
  assert.deepEqual(record?.key, { key: "1", start: 60_000, end: 120_000 });
  assert.equal(record?.partition, 3);
  const text = new TextDecoder().decode(driver.changelog("c")[0]!.key!);
  assert.equal(text, '{"key":"1","start":60000,"end":120000}');
});

Deno.test("Task deletes windows past their retention, and says so in the changelog", () => {
  const windows = app("x");
  windows.stream(a).groupByKey().windowedBy(tumbling({ sizeMs: 10 })).count("c", {
    retentionMs: 20,
  });
  using driver = new TestDriver(windows);
  for (const timestamp of [0, 10, 50]) driver.pipe(a, { key: "k", value: "x", timestamp });
  assert.deepEqual([...driver.table<{ start: number }>("c").keys()].map((key) => key.start), [50]);
  assert.equal(driver.changelog("c").filter((record) => record.value === null).length, 2);
});

Deno.test("Task keeps a row safe from programs that change the object they got", () => {
  const sums = app("x");
  sums.stream(a).groupByKey().aggregate("s", {
    init: () => ({ all: [] as string[] }),
    add: (sum, value) => {
      sum.all.push(value);
      return sum;
    },
  }).toStream().peek((sum) => void sum!.all.push("rubbish")).to("out");
  using driver = new TestDriver(sums);
  for (const timestamp of [1, 2]) driver.pipe(a, { key: "k", value: String(timestamp), timestamp });
  assert.deepEqual(driver.table("s").get("k"), { all: ["1", "2"] });
  driver.back();
  assert.deepEqual(driver.table("s").get("k"), { all: ["1"] });
});

Deno.test("Task lets the late records of windows out as a stream of their own", () => {
  const windows = app("x");
  const counts = windows.stream(a).groupByKey().windowedBy(tumbling({ sizeMs: 10, graceMs: 5 }))
    .count("c");
  counts.late.to("late");
  using driver = new TestDriver(windows);
  for (const timestamp of [1, 20, 2]) {
    driver.pipe(a, { key: "k", value: `at ${timestamp}`, timestamp });
  }
  const [late] = driver.read("late");
  assert.deepEqual(late?.value, { value: "at 2", start: 0, end: 10, lateMs: 5 });
});
