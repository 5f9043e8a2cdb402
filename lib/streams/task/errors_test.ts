import assert from "node:assert/strict";
import { app, headerText, json, type RecordHeaders, string, TestDriver, topic } from "../mod.ts";

const rides = topic("rides", { key: string, value: json<{ fare: number }>(), nullable: false });
const raw = topic("rides", { key: string, value: string });
const letters = topic("dlq", { key: string, value: string });

Deno.test("Task.step() stops at a record that cannot be decoded, and says where", () => {
  const prices = app("prices");
  prices.stream(rides).mapValues((ride) => ride.fare).to("out");
  using driver = new TestDriver(prices);
  assert.throws(() => driver.pipe(raw, { key: "a", value: "{", timestamp: 1 }), {
    name: "StreamsError",
    stage: "decode",
    topic: "rides",
    offset: 0,
  });
});

Deno.test("Task.step() sends bad records to the dead-letter topic, bytes and all, and goes on", () => {
  const prices = app("prices", { onError: { decode: "dead-letter" }, deadLetter: "dlq" });
  prices.stream(rides).mapValues((ride) => ride.fare).to("out");
  using driver = new TestDriver(prices);
  driver.pipe(raw, { key: "a", value: "{", timestamp: 1 });
  driver.pipe(rides, { key: "b", value: { fare: 7 }, timestamp: 2 });
  assert.deepEqual(driver.read("out").map(({ value }) => value), [7]);
  const [letter] = driver.read(letters);
  assert.equal(letter?.value, "{");
  const header = (name: string) => headerText(letter!.headers, name);
  assert.equal(header("__streams.errors.stage"), "decode");
  assert.equal(header("__streams.errors.offset"), "0");
  assert.equal(driver.metrics()[0]?.errors, 1);
});

Deno.test("Task.step() skips what a function refuses, at the node that refuses, and counts it", () => {
  const prices = app("prices", { onError: { process: "skip" } });
  prices.stream(rides).mapValues((ride) => ride.fare.toFixed(2)).to("out");
  using driver = new TestDriver(prices);
  driver.pipe(rides, { key: "a", value: {} as never, timestamp: 1 });
  driver.pipe(rides, { key: "b", value: { fare: 1 }, timestamp: 2 });
  assert.deepEqual(driver.read("out").map(({ value }) => value), ["1.00"]);
  const [metrics] = driver.metrics();
  assert.deepEqual(metrics?.nodes["KSTREAM-MAPVALUES-0000000001"]?.dropped, { "process error": 1 });
});

Deno.test("Task.step() lets a rule choose the policy by the error", () => {
  const rule = (error: unknown) => error instanceof TypeError ? "skip" as const : "fail" as const;
  const prices = app("prices", { onError: { process: rule } });
  prices.stream(rides).mapValues((ride) => ride.fare.toFixed(2)).to("out");
  using driver = new TestDriver(prices);
  driver.pipe(rides, { key: "a", value: {} as never, timestamp: 1 });
  assert.throws(
    () =>
      driver.pipe(rides, { key: "a", value: {} as never, timestamp: 1 }, {
        key: "b",
        value: { fare: 1 },
        timestamp: -1,
      }),
    {
      name: "StreamsError",
      message: /its time is -1/,
    },
  );
});

Deno.test("App.topology() refuses dead letters without a topic for them", () => {
  const prices = app("prices", { onError: { process: "dead-letter" } });
  assert.throws(() => prices.topology(), {
    name: "TypeError",
    message:
      'Cannot build the application "prices": onError.process is "dead-letter", and there is no topic for ' +
      'dead letters (set deadLetter: "name")',
  });
});

Deno.test("Task.step() fails with the one fix when a rule asks for dead letters without a topic", () => {
  const prices = app("prices", { onError: { process: () => "dead-letter" } });
  prices.stream(rides).mapValues((ride) => ride.fare.toFixed(2)).to("out");
  using driver = new TestDriver(prices);
  assert.throws(() => driver.pipe(rides, { key: "a", value: {} as never, timestamp: 1 }), {
    name: "TypeError",
    message: /set deadLetter: "name"/,
  });
});

// tulios/kafkajs#1121, KIP-82: repeated names, null, names like numbers.
const HEADERS = [["retry", "1"], ["retry", "2"], ["none", null], ["10", "x"], ["2", "y"]] as const;
const named = (headers: RecordHeaders | undefined) =>
  headers?.map(([name, value]) => [name, value && new TextDecoder().decode(value)]);

Deno.test("a record's headers pass a stream, a held-back update and a dead letter as they came", () => {
  const copies = app("copies", { onError: { decode: "dead-letter" }, deadLetter: "dlq" });
  copies.stream(rides).mapValues((ride) => ride).to("out");
  using driver = new TestDriver(copies);
  driver.pipe(rides, { key: "a", value: { fare: 7 }, timestamp: 1, headers: HEADERS });
  driver.pipe(raw, { key: "a", value: "{", timestamp: 2, headers: HEADERS });
  assert.deepEqual(named(driver.read("out")[0]?.headers), HEADERS);
  const letter = named(driver.read(letters)[0]?.headers)!;
  assert.deepEqual(letter.slice(0, 5), HEADERS);
  assert.equal(letter[5]![0], "__streams.errors.stage");

  const held = app("held");
  held.stream(rides).groupByKey().count("c").suppress({ until: "timeLimit", limitMs: 10 })
    .toStream().to("out");
  using slow = new TestDriver(held);
  slow.pipe(rides, { key: "a", value: { fare: 7 }, timestamp: 1, headers: HEADERS });
  slow.pipe(rides, { key: "b", value: { fare: 7 }, timestamp: 50 });
  assert.deepEqual(named(slow.read("out")[0]?.headers), HEADERS);
});
