import assert from "node:assert/strict";
import { History } from "./history.ts";

const group = (owner?: string) => ({
  group: "g",
  state: "Stable",
  lag: 0,
  lags: [],
  members: owner === undefined ? [] : [{
    member: owner,
    memberId: owner,
    group: "g",
    generation: null,
    atMs: 0,
    partitions: [{ topic: "t", partition: 0 }],
  }],
});

Deno.test("History tells one holding from the next when the owner changes or was away", () => {
  const history = new History();
  for (const [atMs, owner] of [[1, "a"], [2, "a"], [3, "b"], [4, undefined], [5, "b"]] as const) {
    history.add([group(owner)], atMs);
  }
  assert.deepEqual(
    history.of("g").holdings.map(({ member, from, to }) => [member, from, to]),
    [["a", 1, 2], ["b", 3, 3], ["b", 5, 5]],
  );
});

Deno.test("History keeps five minutes of samples", () => {
  const history = new History();
  for (let atMs = 0; atMs < 1_000; atMs++) history.add([group()], atMs);
  assert.equal(history.of("g").samples.length, 300);
});
