/**
 * Grades as people and other programs read them.
 *
 * @module
 */
import { type Grade, pointsOf } from "../lib/course/mod.ts";

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
    const head = `${learner}  ${notebook}  ${pointsOf(grade)} of ${exercises.length}  (${time})`;
    return [head, ...missed, ...failed].join("\n");
  }).join("\n");
}

/** A line for each learner: a column for each notebook's points, the total, the misconceptions that were met. */
export function csvOf(grades: readonly Grade[]): string {
  const notebooks = [...new Set(grades.map(({ notebook }) => notebook))].sort();
  const learners = [...new Set(grades.map(({ learner }) => learner))].sort();
  const rows = learners.map((learner) => {
    const own = grades.filter((grade) => grade.learner === learner);
    // Handed in twice, the better one counts.
    const points = notebooks.map((notebook) => {
      const those = own.filter((grade) => grade.notebook === notebook);
      return those.length === 0 ? undefined : Math.max(...those.map(pointsOf));
    });
    const beliefs = own.flatMap(({ exercises }) => exercises.flatMap(({ belief }) => belief ?? []));
    const total = points.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    return [learner, ...points.map((one) => one ?? ""), total, [...new Set(beliefs)].join(" ")];
  });
  const lines = [["learner", ...notebooks, "total", "misconceptions"], ...rows];
  return lines.map((line) => line.map(cell).join(",")).join("\r\n") + "\r\n";
}

/** Quoted where it must be; a name that a spreadsheet would take for a formula is made text. */
function cell(value: string | number): string {
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
