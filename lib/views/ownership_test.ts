import assert from "node:assert/strict";
import { ownership } from "./ownership.ts";

const seen = (member: string, atMs: number, ...numbers: number[]) => ({
  member,
  memberId: `${member}-1`,
  group: "g",
  generation: null,
  atMs,
  partitions: numbers.map((partition) => ({ topic: "t", partition })),
});

Deno.test("ownership() gives a partition to the member that takes over from one that left", () => {
  const history = [
    seen("b", 2, 1),
    seen("a", 2, 0),
    seen("c", 2),
    seen("a", 5, 0),
    seen("c", 5, 1),
  ];
  const { spans } = ownership(history, { untilMs: 8 });
  assert.deepEqual(spans, [
    { partition: "t-0", member: "a", from: 2, to: 8 },
    { partition: "t-1", member: "b", from: 2, to: 5 },
    { partition: "t-1", member: "c", from: 5, to: 8 },
  ]);
});

Deno.test("ownership() names idle members, and every partition once", () => {
  const { members, partitions, from, to } = ownership(
    [seen("b", 3), seen("a", 1, 0, 10, 2)],
    { untilMs: 4 },
  );
  assert.deepEqual({ members, partitions, from, to }, {
    members: ["a", "b"],
    partitions: ["t-0", "t-2", "t-10"],
    from: 1,
    to: 4,
  });
});

Deno.test("ownership() of no history is empty", () => {
  const nothing = { from: 7, to: 7, members: [], partitions: [], spans: [] };
  assert.deepEqual(ownership([], { untilMs: 7 }), nothing);
});

Deno.test("ownership() leaves a gap where a member has stopped reading, and begins no earlier than asked", () => {
  const stopped = seen("a", 3, 0);
  const history = [seen("a", 0, 0, 1), stopped, seen("a", 4, 0), seen("b", 5, 1)];
  const { from, spans } = ownership(history, { fromMs: 2, untilMs: 9 });
  assert.deepEqual([from, spans], [2, [
    { partition: "t-0", member: "a", from: 2, to: 9 },
    { partition: "t-1", member: "a", from: 2, to: 3 },
    { partition: "t-1", member: "b", from: 5, to: 9 },
  ]]);
});
