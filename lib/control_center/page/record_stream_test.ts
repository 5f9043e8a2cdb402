import assert from "node:assert/strict";
import type { RecordLine, RecordsPart } from "../contract.ts";
import { add, BEGIN, type Got, KEPT, waiting } from "./record_stream.ts";

const nothing = { kind: "null", text: "null", bytes: 0, cut: false } as const;
const part = (offsets: readonly number[], more: Partial<RecordsPart> = {}): RecordsPart => ({
  records: offsets.map((offset) => ({
    ...{ partition: 0, offset, timestamp: offset, key: nothing, value: nothing, headers: [] },
  })),
  ...{ gaps: [], next: "next:0.9", at: "behind", unmatched: 0, hollow: 0, notes: [] },
  ...more,
});

Deno.test("add() keeps a bounded number of lines, the newest first or the last", () => {
  let newest = BEGIN, oldest = BEGIN;
  for (let at = 0; at < 1_000; at += 2) {
    newest = add(newest, part([at, at + 1]), "newest");
    oldest = add(oldest, part([at, at + 1]), "oldest");
  }
  assert.deepEqual([newest.rows.length, oldest.rows.length], [KEPT, KEPT]);
  assert.deepEqual([newest.rows[0]!.id, oldest.rows.at(-1)!.id], ["0 999", "0 999"]);
  assert.equal(newest.seen, 1_000);
});

Deno.test("add() counts what is passed over, left out and empty apart from what is shown", () => {
  const gaps = [{ partition: 0, from: 3, to: 7, count: 5 }];
  const got = add(
    BEGIN,
    part([1, 2, 8], { gaps, unmatched: 4, hollow: 2, notes: ["so"] }),
    "oldest",
  );
  assert.deepEqual([got.seen, got.passed, got.unmatched, got.hollow], [12, 5, 4, 2]);
  assert.deepEqual(got.notes, ["so"]);
});

Deno.test("add() tells what became of a transaction's records as soon as its end is read", () => {
  const line = (partition: number, offset: number, more: Partial<RecordLine>) => ({
    ...{ partition, offset, timestamp: offset, key: nothing, value: nothing, headers: [] },
    ...more,
  });
  const fates = ({ rows }: Got) => rows.map((row) => row.record && [row.id, row.fate]);
  const seven = { producer: "7" }, eight = { producer: "8" };
  const first = add(
    BEGIN,
    part([], {
      records: [line(0, 1, seven), line(0, 2, eight), line(1, 3, seven), line(0, 4, {})],
    }),
    "oldest",
  );
  assert.deepEqual(fates(first), [["0 1", "open"], ["0 2", "open"], ["1 3", "open"], [
    "0 4",
    undefined,
  ]]);
  const ends = [
    line(0, 5, { ...seven, marker: "commit" }),
    line(1, 6, { ...seven, marker: "abort" }),
  ];
  const got = add(first, part([], { records: [...ends, line(0, 7, seven)] }), "oldest");
  assert.deepEqual(fates(got).filter((one) => one?.[1]), [
    ["0 1", "committed"],
    ["0 2", "open"],
    ["1 3", "aborted"],
    ["0 7", "open"],
  ]);
  assert.equal(got.seen, 5, "an end is no record");
});

Deno.test("add() lets rows fade in only when few come at once", () => {
  const loud = (count: number) =>
    add(BEGIN, part(Array.from({ length: count }, (_, at) => at)), "newest").rows
      .every((row) => row.record && row.isLoud);
  assert.deepEqual([loud(2), loud(3)], [true, false]);
});

Deno.test("waiting() counts up to the ends that are known", () => {
  assert.equal(waiting("next:0.5_1.7_2.1", [9, 7, null]), 4);
  assert.equal(waiting(undefined, [9]), 0);
});
