import assert from "node:assert/strict";
import type { Grade } from "../lib/course/mod.ts";
import { canvasOf, csvOf, tableOf } from "./_grade_report.ts";

function grade(learner: string, notebook: string, points: readonly (0 | 1)[]): Grade {
  const exercises = points.map((one, i) => ({
    exercise: `ex-${i + 1}`,
    points: one,
    verdict: one === 1 ? "yes" as const : "not yet" as const,
    hint: one === 1 ? "" : "10 is the next to read",
    ...(one === 1 ? {} : { belief: "M06" as const }),
  }));
  return {
    learner,
    notebook,
    exercises,
    predictions: { right: 1, of: 2 },
    failures: [],
    seconds: null,
  };
}

Deno.test("tableOf() names the points and why some are missing", () => {
  assert.equal(
    tableOf([grade("ana", "03_consume", [1, 0])]),
    "ana  03_consume  1 of 2  (as saved, predictions 1 of 2)\n  ex-2  not yet · M06 · 10 is the next to read",
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
    "learner,03_consume,04_groups,total,predictions right,predictions made,misconceptions\r\n" +
      "ana,2,1,3,2,4,\r\nbo,,0,0,1,2,M06\r\n",
  );
});

Deno.test("csvOf() quotes names, and lets no name be a formula", () => {
  const csv = csvOf([grade("=1+1", "04_groups", [1]), grade('Li, "Bo"', "04_groups", [1])]);
  assert.match(csv, /^'=1\+1,1,1,1,2,\r$/m);
  assert.match(csv, /^"Li, ""Bo""",1,1,1,2,\r$/m);
});

Deno.test("canvasOf() has Canvas' columns, the possible points, and learners by their login", () => {
  assert.equal(
    canvasOf([grade("ana", "03_consume", [1, 0]), grade("bo", "04_groups", [1])]),
    "Student,ID,SIS User ID,SIS Login ID,Section,03_consume,04_groups\r\n" +
      "    Points Possible,,,,,2,1\r\nana,,,ana,,1,\r\nbo,,,bo,,,1\r\n",
  );
});
