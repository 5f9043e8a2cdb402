import assert from "node:assert/strict";
import { app, string, TestDriver, topic } from "../mod.ts";
import { memoryStores } from "../state/memory_store.ts";
import { Task } from "./task.ts";
import type { RefusedRecord } from "./errors.ts";

const utf8 = (text: string) => new TextEncoder().encode(text);
const record = (value: string, offset: number) => ({
  ...{ key: null, value: utf8(value), timestamp: 1, offset },
});

/** A serde that asks somebody who is away at first. */
function absent() {
  const state = { away: true, asked: 0 };
  const decode = (bytes: Uint8Array | null): Promise<string> => {
    state.asked++;
    const away = Object.assign(new Error("the registry is away"), { retriable: true });
    return state.away ? Promise.reject(away) : Promise.resolve(string.decode(bytes!, ""));
  };
  return { state, serde: { encode: string.encode, decode } };
}

/** A task that reads values with that serde and skips what it cannot read. */
function waiting(retryTimeoutMs: number) {
  const { state, serde } = absent(), clock = { now: () => clock.timeMs, timeMs: 0 };
  const copy = app("copy", { onError: { decode: "skip" } });
  copy.stream(topic("in", { value: serde })).mapValues((value) => value).to("out");
  const told: string[] = [], refused: RefusedRecord[] = [];
  const task = new Task(copy.topology(), { subTopology: 0, partition: 0 }, {
    ...{ clock, retryTimeoutMs, stores: memoryStores() },
    onWaiting: (why) => told.push(why),
    onRefused: (one) => refused.push(one),
  });
  task.enqueue("in", [record("a", 0), record("b", 1)]);
  return { task, state, clock, told, refused };
}

Deno.test("Task.step() lets a record wait for what is away, in its place, and asks only now and then", async () => {
  const { task, state, clock, told, refused } = waiting(30_000);
  await task.step();
  assert.equal(task.step(), false, "it rests");
  assert.deepEqual([state.asked, told], [1, ["the registry is away"]]);
  clock.timeMs = 600;
  state.away = false;
  for (let steps = 0; task.step() !== false && steps < 10; steps++) await task.step();
  assert.deepEqual([...task.positions()], [["in", 2]]);
  assert.deepEqual(refused, []);
});

Deno.test("Task.step() lets the policy decide when it has waited long enough", async () => {
  const { task, clock, refused } = waiting(30_000);
  for (; refused.length === 0 && clock.timeMs < 60_000; clock.timeMs += 500) await task.step();
  assert.ok(clock.timeMs >= 30_000, `it waited ${clock.timeMs} ms`);
  assert.deepEqual(refused.map(({ offset, policy, why }) => [offset, policy, why]), [
    [0, "skip", "the registry is away"],
  ]);
});

Deno.test("Task.step() applies the policy to a value that a serde refuses to write after a wait", async () => {
  const late = { encode: () => Promise.reject(new TypeError("no int")), decode: string.decode };
  const copy = app("copy", { onError: { produce: "dead-letter" }, deadLetter: "dlq" });
  const raw = topic("in", { key: string, value: string });
  copy.stream(raw).to(topic("out", { key: string, value: late as never }));
  using driver = new TestDriver(copy);
  await driver.pipe(raw, { key: "a", value: "x", timestamp: 1 });
  assert.deepEqual(driver.read("out"), []);
  assert.deepEqual(
    driver.read(topic("dlq", { key: string, value: string })).map(({ value }) => value),
    ["x"],
  );
});
