import assert from "node:assert/strict";
import type { GroupLine, LagLine, ShareView, TopicLine } from "../contract.ts";
import { stripesOf } from "./stripes.ts";

const line = (end: readonly (number | null)[]): TopicLine => ({
  ...{ topic: "t", offsets: 0, records: null, bytes: null, replicas: 1, weak: 0, internal: false },
  ...{ begin: end.map(() => 0), end, open: [], leaders: [], copies: [], inSync: [] },
});
const lag = (partition: number, committed: number | null): LagLine => ({
  ...{ topic: "t", partition, committed, end: 5, lag: 5 - (committed ?? 0), member: null },
});
const group = (protocol: GroupLine["protocol"], lags: readonly LagLine[]): GroupLine => ({
  ...{ group: `${protocol}-group`, protocol, state: "Stable", lag: 0, lags },
  members: [{ member: "a", memberId: "a-1", partitions: [{ topic: "t", partition: 0 }] }],
});

Deno.test("stripesOf() puts groups of a partition side by side, each with its own place and readers", () => {
  const groups = [group("classic", [lag(0, 4), lag(1, null)]), group("consumer", [lag(0, 3)])];
  const [first, second] = stripesOf(line([5, 1]), groups, [], 3);
  assert.deepEqual(first?.offsets, [2, 3, 4]);
  assert.deepEqual(
    first?.stripes.map(({ readers, next, stands }) => [readers, next, stands.map(({ is }) => is)]),
    [[["a"], 4, ["done", "done", "waits"]], [["a"], 3, ["done", "waits", "waits"]]],
  );
  assert.deepEqual(second?.stripes.map(({ readers, next, stands }) => [readers, next, stands]), [
    [[], null, [{ is: "waits" }]],
  ]);
});

Deno.test("stripesOf() says of each record of a share group what became of it", () => {
  const batch = (
    first: number,
    last: number,
    state: "available" | "acknowledged" | "archived",
  ) => ({
    ...{ first, last, state, deliveries: first },
  });
  const share: ShareView = {
    group: "share-group",
    partition: 0,
    batches: [batch(1, 1, "acknowledged"), batch(2, 2, "available"), batch(3, 3, "archived")],
  };
  const [only] = stripesOf(line([5]), [group("share", [lag(0, 1)])], [share], 5);
  assert.deepEqual(only?.stripes[0]?.stands, [
    { is: "done" },
    { is: "acknowledged", deliveries: 1 },
    { is: "given back", deliveries: 2 },
    { is: "archived", deliveries: 3 },
    { is: "waits" },
  ]);
});

Deno.test("stripesOf() leaves out what nobody reads, and a partition whose end is not known", () => {
  const groups = [group("classic", [lag(0, 1), lag(1, 1)])];
  assert.deepEqual(stripesOf(line([null, 2, 2]), groups, [], 5).map((one) => one.partition), [1]);
});
