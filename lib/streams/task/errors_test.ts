import assert from "node:assert/strict";
import { app, type Headers, headerText, json, string, TestDriver, topic } from "../mod.ts";
import { expandPatterns } from "../topology/patterns.ts";
import { deadLetter, StreamsError } from "./errors.ts";

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

Deno.test("a dead letter leaves out what its topic does not take, and says what: stack, value, headers, key", () => {
  const cause = Object.assign(new SyntaxError("no JSON"), { stack: "s".repeat(2_000) });
  const error = new StreamsError("decode", "n", "rides", 1, 7, cause);
  const bytes = (length: number) => new Uint8Array(length);
  const letter = (key: number, value: number, header: number, mostBytes?: number) => {
    const headers = [["mine", bytes(header)]] as const;
    const origin = {
      topic: "rides",
      partition: 1,
      offset: 7,
      key: bytes(key),
      value: bytes(value),
    };
    const { key: k, value: v, headers: all } = deadLetter("dlq", error, {
      origin: { ...origin, headers },
      timestamp: 1,
      ...(mostBytes !== undefined && { mostBytes }),
    });
    const said = (name: string) => headerText(all!, `__streams.errors.${name}`);
    assert.deepEqual([said("topic"), said("partition"), said("offset")], ["rides", "1", "7"]);
    assert.match(said("message")!, /no JSON/);
    const has = { stack: said("stacktrace") !== undefined, own: all!.some(([n]) => n === "mine") };
    return [k?.length ?? null, v?.length ?? null, has.stack, has.own, said("left.out")];
  };
  assert.deepEqual(letter(3, 9, 1), [3, 9, true, true, undefined]);
  assert.deepEqual(letter(3, 1_047_000, 1), [3, 1_047_000, false, true, "stacktrace"]);
  const without = "stacktrace, value of 1048300 bytes";
  assert.deepEqual(letter(3, 1_048_300, 1), [3, null, false, true, without]);
  assert.deepEqual(letter(3, 1_048_300, 1, 2_000_000), [3, 1_048_300, true, true, undefined]);
  assert.deepEqual(letter(1_048_000, 9, 1), [
    null,
    null,
    false,
    false,
    "stacktrace, value of 9 bytes, headers, key",
  ]);
  assert.deepEqual(letter(3, 9, 1_048_000).slice(0, 4), [null, null, false, false]);
  assert.deepEqual(letter(3, 9_000, 1, 5_000).slice(0, 2), [3, null], "a topic that takes less");
});

Deno.test("an application whose dead letters go to a topic that it reads is refused: it would never end", () => {
  const copy = (deadLetter: string) =>
    app("copy", { onError: { decode: "dead-letter" }, deadLetter });
  const refused = (one: ReturnType<typeof copy>, name: string) =>
    assert.throws(() => one.topology(), {
      name: "TypeError",
      message: `Cannot build the application "copy": its dead letters go to "${name}", which it ` +
        "reads itself (give deadLetter a topic of its own)",
    });
  const input = copy("rides");
  input.stream(rides).to("out");
  refused(input, "rides");
  const table = copy("rides");
  table.table(rides);
  refused(table, "rides");
  const global = copy("rides");
  global.globalTable(rides);
  refused(global, "rides");
  const repartitioned = copy("copy-by-fare-repartition");
  repartitioned.stream(rides).repartition("by-fare").to("out");
  refused(repartitioned, "copy-by-fare-repartition");
  const pattern = copy("rides.dead");
  pattern.stream(/^rides/, { key: string, value: string }).to("out");
  const { nodes } = expandPatterns(pattern.topology(), ["rides", "rides.dead"]);
  assert.deepEqual(nodes.flatMap(({ source }) => source?.topic ?? []), ["rides"]);
});

// tulios/kafkajs#1121, KIP-82: repeated names, null, names like numbers.
const HEADERS = [["retry", "1"], ["retry", "2"], ["none", null], ["10", "x"], ["2", "y"]] as const;
const named = (headers: Headers | undefined) =>
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
