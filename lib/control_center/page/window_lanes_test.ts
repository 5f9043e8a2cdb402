import assert from "node:assert/strict";
import type { TableRow } from "../contract.ts";
import { windowLanes } from "./window_lanes.ts";

const row = (key: string, start: number, end: number | null, more: Partial<TableRow> = {}) =>
  ({
    key: { kind: "window", text: "", bytes: 0, cut: false, window: { key, start, end } },
    value: { kind: "json", text: `${start}`, bytes: 0, cut: false },
    ...{ timestamp: start, partition: 0 },
    ...more,
  }) satisfies TableRow as TableRow;

const of = { sizeMs: 10, graceMs: 0, timeOf: () => 25 };

Deno.test("windowLanes() stacks windows that overlap, and puts tumbling ones side by side", () => {
  const levels = (rows: readonly TableRow[]) =>
    windowLanes(rows, of).lanes[0]!.bars.map(({ level }) => level);
  assert.deepEqual(levels([row("a", 0, 10), row("a", 10, 20), row("a", 20, 30)]), [0, 0, 0]);
  assert.deepEqual(levels([row("a", 0, 10), row("a", 5, 15), row("a", 10, 20)]), [0, 1, 0]);
});

Deno.test("windowLanes() takes the size of windows whose keys do not say their end", () => {
  const [bar] = windowLanes([row("a", 20, null)], of).lanes[0]!.bars;
  assert.deepEqual([bar?.end, bar?.state], [30, "open"]);
});

Deno.test("windowLanes() gives a session of one record a place, and does not know what no worker keeps", () => {
  const timeOf = (partition: number) => partition === 0 ? 25 : null;
  const sessions = { sizeMs: 0, graceMs: 5, timeOf };
  const lanes = windowLanes(
    [row("a", 10, 10), row("b", 21, 24, { partition: 1 }), row("c", 21, 24)],
    sessions,
  ).lanes;
  assert.deepEqual(lanes.map(({ key, bars }) => [key, bars[0]?.state]), [
    ["a", "closed"],
    ["b", "unknown"],
    ["c", "in grace"],
  ]);
});

Deno.test("windowLanes() shows the keys that changed last, and the newest of many windows", () => {
  const many = Array.from({ length: 40 }, (_, at) => row(`k${at}`, at, at + 10));
  const { lanes, others } = windowLanes(many, of);
  assert.deepEqual([lanes.length, lanes[0]?.key, others], [8, "k32", 32]);
  const long = Array.from({ length: 100 }, (_, at) => row("a", at * 10, at * 10 + 10));
  const shown = windowLanes(long, { ...of, timeOf: () => 995 });
  assert.equal(shown.lanes[0]!.bars.length, 12);
  assert.deepEqual([shown.first, shown.last], [880, 1_000]);
});

Deno.test("windowLanes() draws a window without an end as far as it is known", () => {
  const endless = row("a", 1_000, Number.MAX_SAFE_INTEGER);
  const { first, last, lanes } = windowLanes([endless], {
    ...{ sizeMs: Number.MAX_SAFE_INTEGER, graceMs: 0, timeOf: () => 90_000 },
  });
  assert.deepEqual([first, last, lanes[0]?.bars.length], [1_000, 90_000, 1]);
});

Deno.test("windowLanes() has nothing to draw without windows", () => {
  assert.deepEqual(windowLanes([], of).lanes, []);
});
