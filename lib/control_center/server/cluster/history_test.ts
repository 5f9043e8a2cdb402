import assert from "node:assert/strict";
import { GAP_MS, HISTORY_MS, SAMPLE_EVERY_MS } from "../../contract.ts";
import { History } from "./history.ts";
import { topicLine } from "./snapshot.ts";

const group = (owner?: string, committed = 0) => ({
  group: "g",
  protocol: "classic" as const,
  state: "Stable",
  lag: 10 - committed,
  lags: [{ topic: "t", partition: 0, committed, end: 10, lag: 10 - committed, member: null }],
  members: owner === undefined ? [] : [
    { member: owner, memberId: owner, partitions: [{ topic: "t", partition: 0 }] },
  ],
});

const topic = (end: number) =>
  topicLine({
    topic: "t",
    partitions: [
      { partition: 0, leader: 1, replicas: [1], inSync: [1], begin: 0, end, stable: end },
    ],
  });

Deno.test("History tells one holding from the next when the owner changes or was away", () => {
  const history = new History();
  for (const [atMs, owner] of [[1, "a"], [2, "a"], [3, "b"], [4, undefined], [5, "b"]] as const) {
    history.add({ topics: [], groups: [group(owner)] }, atMs);
  }
  assert.deepEqual(
    history.of("g").holdings.map(({ member, from, to }) => [member, from, to]),
    [["a", 1, 2], ["b", 3, 3], ["b", 5, 5]],
  );
});

Deno.test("History does not say who owned what while nobody looked", () => {
  const history = new History();
  for (const atMs of [1, 2, 2 + GAP_MS + 1]) {
    history.add({ topics: [], groups: [group("a")] }, atMs);
  }
  assert.deepEqual(
    history.of("g").holdings.map(({ from, to }) => [from, to]),
    [[1, 2], [GAP_MS + 3, GAP_MS + 3]],
  );
});

Deno.test("History keeps a quarter of an hour, a sample every five seconds, however often it looks", () => {
  const history = new History();
  for (let atMs = 0; atMs < 2 * HISTORY_MS; atMs += 1_000) {
    history.add({ topics: [topic(atMs)], groups: [group()] }, atMs);
  }
  assert.equal(history.of("g").samples.length, HISTORY_MS / SAMPLE_EVERY_MS);
  const { atMs, rates } = history.rates({ topics: ["t"] });
  assert.deepEqual([atMs.length, rates.t!.length], [180, 180]);
  assert.deepEqual(new Set(rates.t!.slice(1)), new Set([1_000]));
});

Deno.test("History says no rate where it did not look, where a topic was made again, and of what is new", () => {
  const history = new History();
  const at = [0, 5_000, 10_000, 40_000, 45_000], ends = [5, 10, 2, 4, 9];
  for (const [nth, atMs] of at.entries()) {
    history.add({ topics: [topic(ends[nth]!)], groups: nth < 3 ? [] : [group("a", nth)] }, atMs);
  }
  const { rates, lags } = history.rates({ topics: ["t", "unknown"], groups: ["g"] });
  assert.deepEqual(rates, { t: [null, 1, null, null, 1], g: [null, null, null, null, 0.2] });
  assert.deepEqual(lags, { g: [null, null, null, 7, 6] });
});

Deno.test("History gives what is new since a moment, so that pages ask for no more than that", () => {
  const history = new History(), brokers = [{ broker: 1, address: "", bytes: 7 }];
  for (const nth of [0, 1, 2, 3]) {
    history.add({ topics: [topic(nth)], groups: [group("a", nth)], brokers }, nth * 5_000);
  }
  const all = history.rates({ topics: ["t"], groups: ["g"], brokers: ["1"] });
  const { atMs, rates, lags, leads, stored } = history.rates({
    ...{ topics: ["t"], groups: ["g"], brokers: ["1"], sinceMs: 5_000 },
  });
  assert.deepEqual(atMs, [10_000, 15_000]);
  assert.deepEqual([rates.t, lags.g], [all.rates.t!.slice(2), [8, 7]]);
  assert.deepEqual([leads, stored], [{ 1: [1, 1] }, { 1: [7, 7] }]);
  assert.deepEqual(history.rates({ topics: ["t"], sinceMs: 15_000 }).rates, { t: [] });

  const { samples, holdings } = history.of("g", 10_000);
  assert.deepEqual(samples, [{ atMs: 15_000, lags: { "t-0": 7 }, committed: { "t-0": 3 } }]);
  assert.deepEqual(holdings.map(({ from, to }) => [from, to]), [[0, 15_000]]);
});
