/**
 * Grades as people and other programs read them.
 *
 * @module
 */
import { type Grade, pointsOf } from "../lib/course/mod.ts";
import { plain } from "./_plain.ts";

/** Lines for a terminal: a notebook, its points, and what each exercise that has none was told. */
export function tableOf(grades: readonly Grade[]): string {
  return grades.map((grade) => {
    const { learner, notebook, exercises, failures, seconds } = grade;
    const time = seconds === null ? "as saved" : `${seconds} s`;
    const missed = exercises.filter(({ points }) => points === 0).map(
      ({ exercise, verdict, hint, belief }) =>
        `  ${exercise}  ${[verdict, belief, hint].filter(Boolean).join(" · ")}`,
    );
    const failed = failures.map(({ cell, name, message }) => `  #${cell}  ${name}: ${message}`);
    const { right, of } = grade.predictions;
    const guessed = of === 0 ? "" : `, predictions ${right} of ${of}`;
    const points = `${pointsOf(grade)} of ${exercises.length}`;
    const head = `${learner}  ${notebook}  ${points}  (${time}${guessed})`;
    return [head, ...missed, ...failed].map(plain).join("\n");
  }).join("\n");
}

/** A line for each learner: a column for each notebook's points, the total, predictions, the misconceptions that were met. */
export function csvOf(grades: readonly Grade[]): string {
  const { notebooks, learners } = namesIn(grades);
  const rows = learners.map((learner) => {
    const best = bestOf(grades, learner, notebooks);
    const there = best.filter((grade) => grade !== undefined);
    const sum = (count: (grade: Grade) => number) =>
      there.reduce((all, one) => all + count(one), 0);
    const beliefs = there.flatMap(({ exercises }) => exercises.flatMap((one) => one.belief ?? []));
    return [
      learner,
      ...best.map(pointsOrNothing),
      sum(pointsOf),
      sum(({ predictions }) => predictions.right),
      sum(({ predictions }) => predictions.of),
      [...new Set(beliefs)].join(" "),
    ];
  });
  const counted = ["total", "predictions right", "predictions made", "misconceptions"];
  return linesOf([["learner", ...notebooks, ...counted], ...rows]);
}

/** Canvas' own columns, the points that are possible in the second line, and learners by their login. */
export function canvasOf(grades: readonly Grade[]): string {
  const { notebooks, learners } = namesIn(grades);
  const possible = notebooks.map((notebook) =>
    grades.find((grade) => grade.notebook === notebook)!.exercises.length
  );
  const rows = learners.map((learner) => {
    const points = bestOf(grades, learner, notebooks).map(pointsOrNothing);
    return [learner, "", "", learner, "", ...points];
  });
  const head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ...notebooks];
  return linesOf([head, ["    Points Possible", "", "", "", "", ...possible], ...rows]);
}

function namesIn(grades: readonly Grade[]) {
  const notebooks = [...new Set(grades.map(({ notebook }) => notebook))].sort();
  return { notebooks, learners: [...new Set(grades.map(({ learner }) => learner))].sort() };
}

/** A learner's grade for each notebook; handed in twice, the better one counts. */
function bestOf(
  grades: readonly Grade[],
  learner: string,
  notebooks: readonly string[],
): readonly (Grade | undefined)[] {
  return notebooks.map((notebook) =>
    grades.filter((grade) => grade.learner === learner && grade.notebook === notebook)
      .toSorted((one, other) => pointsOf(other) - pointsOf(one))[0]
  );
}

function pointsOrNothing(grade: Grade | undefined): number | "" {
  return grade === undefined ? "" : pointsOf(grade);
}

function linesOf(rows: readonly (readonly (string | number)[])[]): string {
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** Quoted where it must be; a name that a spreadsheet would take for a formula is made text. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
