import assert from "node:assert/strict";
import { type Entry, type Evidence, findAnomalies, summary } from "./anomalies.ts";

const entry = (text: string): Entry => {
  const [key, value] = text.split("=");
  return { key: key!, value: value! };
};
const list = (text: string) => text === "" ? [] : text.split(" ").map(entry);

/** Kinds found when `a=1 b=2 a=3` was written and this came out. */
function kinds(
  { echo = "a=1 b=2 a=3", counts = "a=1 b=1 a=2", seen, ...rest }: {
    readonly echo?: string;
    readonly counts?: string;
    readonly seen?: string;
    readonly lag?: number;
    readonly openTransactions?: number;
  },
): string[] {
  const evidence: Evidence = {
    input: [list("a=1 b=2 a=3")],
    echo: [list(echo)],
    counts: [list(counts)],
    ...(seen === undefined ? {} : { seen: [list(seen)] }),
    lag: 0,
    openTransactions: 0,
    ...rest,
  };
  return findAnomalies(evidence).map(({ kind }) => kind);
}

Deno.test("findAnomalies() finds nothing when each record was processed once, in order", () => {
  assert.deepEqual(kinds({}), []);
  assert.deepEqual(kinds({ seen: "b=2 a=3" }), [], "a reader may come late");
});

Deno.test("findAnomalies() names a lost write even when the number of copies is right", () => {
  assert.deepEqual(kinds({ echo: "a=1 a=3 a=3" }), ["duplicate", "lost write"]);
});

Deno.test("findAnomalies() names copies in another order", () => {
  assert.deepEqual(kinds({ echo: "b=2 a=1 a=3" }), ["reorder"]);
});

Deno.test("findAnomalies() names a copy that nobody wrote", () => {
  assert.deepEqual(kinds({ echo: "a=1 b=2 a=3 a=9", counts: "a=1 b=1 a=2 a=3" }), [
    "aborted read",
    "inconsistent count",
  ]);
});

Deno.test("findAnomalies() compares every running count, not the last", () => {
  assert.deepEqual(kinds({ counts: "a=2 b=1 a=2" }), ["inconsistent count"]);
  assert.deepEqual(kinds({ counts: "a=1 a=2 b=1" }), ["inconsistent count"]);
});

Deno.test("findAnomalies() names a copy without its count", () => {
  assert.deepEqual(kinds({ counts: "a=1 b=1" }), ["torn transaction"]);
});

Deno.test("findAnomalies() judges a reader by what stands in the log at last", () => {
  assert.deepEqual(kinds({ seen: "a=1 a=3" }), ["gap"]);
  assert.deepEqual(kinds({ seen: "a=1 b=2 a=1 b=2 a=3" }), ["rewind"]);
  assert.deepEqual(kinds({ seen: "a=1 x=7 b=2" }), ["aborted read"]);
});

Deno.test("findAnomalies() names what came to rest before it was done", () => {
  assert.deepEqual(kinds({ lag: 2, openTransactions: 1 }), ["stuck", "stuck"]);
});

Deno.test("summary() gives one line for each kind", () => {
  const twice = { kind: "duplicate", partition: 2, detail: '"1" at 0 and 1' } as const;
  assert.deepEqual(summary([twice, twice]), ['duplicate ×2: partition 2, "1" at 0 and 1']);
});
