import assert from "node:assert/strict";
import type { Grade } from "../lib/course/mod.ts";
import { csvOf, tableOf } from "./_grade_report.ts";

function grade(learner: string, notebook: string, points: readonly (0 | 1)[]): Grade {
  const exercises = points.map((one, i) => ({
    exercise: `ex-${i + 1}`,
    points: one,
    verdict: one === 1 ? "yes" as const : "not yet" as const,
    hint: one === 1 ? "" : "10 is the next to read",
    ...(one === 1 ? {} : { belief: "M06" as const }),
  }));
  return { learner, notebook, exercises, failures: [], seconds: null };
}

Deno.test("tableOf() names the points and why some are missing", () => {
  assert.equal(
    tableOf([grade("ana", "03_consume", [1, 0])]),
    "ana  03_consume  1 of 2  (as saved)\n  ex-2  not yet · M06 · 10 is the next to read",
  );
});

Deno.test("csvOf() has a line for each learner, with the better of two hand-ins and what is missing left empty", () => {
  const csv = csvOf([
    grade("ana", "03_consume", [1, 0]),
    grade("ana", "03_consume", [1, 1]),
    grade("ana", "04_groups", [1]),
    grade("bo", "04_groups", [0]),
  ]);
  assert.equal(
    csv,
    "learner,03_consume,04_groups,total,misconceptions\r\nana,2,1,3,M06\r\nbo,,0,0,M06\r\n",
  );
});

Deno.test("csvOf() quotes names, and lets no name be a formula", () => {
  const csv = csvOf([grade("=1+1", "04_groups", [1]), grade('Li, "Bo"', "04_groups", [1])]);
  assert.match(csv, /^'=1\+1,1,1,\r$/m);
  assert.match(csv, /^"Li, ""Bo""",1,1,\r$/m);
});
