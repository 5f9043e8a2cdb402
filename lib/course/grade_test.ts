import assert from "node:assert/strict";
import {
  gradesOf,
  lectureOf,
  pointsOf,
  savedGrades,
  savedPredictions,
  withChecks,
} from "./grade.ts";
import { lectures } from "./shelf.ts";

const [lecture] = await lectures([], "lib/course/fixtures");
const text = await Deno.readTextFile("lib/course/fixtures/01_six_rides.ipynb");

type RawCell = { id: string; source: string | string[]; outputs?: unknown[] };

/** The fixture as a learner saved it, its check cell changed. */
function saved(change: (check: RawCell) => void): string {
  const raw = JSON.parse(text) as { cells: RawCell[] };
  change(raw.cells.find(({ id }) => id === "ex-1-check")!);
  return JSON.stringify(raw);
}

function verdict(verdict: string, more: object = {}) {
  const taxi = { kind: "verdict", title: "rides of vendor 2", verdict, hint: "", ...more };
  return { output_type: "display_data", data: {}, metadata: { taxi } };
}

Deno.test("savedGrades() gives the point of a saved yes, and the sentence and belief of another verdict", () => {
  const yes = savedGrades(lecture!, saved((check) => check.outputs = [verdict("yes")]));
  assert.deepEqual(yes, [{ exercise: "ex-1", points: 1, verdict: "yes", hint: "" }]);
  const told = verdict("not yet", { hint: "vendor 2 has not 4 rides", belief: "M21" });
  assert.deepEqual(savedGrades(lecture!, saved((check) => check.outputs = [told])), [{
    exercise: "ex-1",
    points: 0,
    verdict: "not yet",
    hint: "vendor 2 has not 4 rides",
    belief: "M21",
  }]);
});

Deno.test("savedGrades() gives no point where the check has not run, or is not the course's", () => {
  assert.equal(savedGrades(lecture!, text)[0]?.verdict, "not run");
  const edited = saved((check) => {
    check.source = 'await check("rides of vendor 2", 3, 3);';
    check.outputs = [verdict("yes")];
  });
  assert.deepEqual(savedGrades(lecture!, edited), [{
    exercise: "ex-1",
    points: 0,
    verdict: "changed",
    hint: "the check cell is not the course's",
  }]);
});

Deno.test("savedPredictions() counts each prediction once that was shown beside what happened", () => {
  const said = (name: string, more: object = {}) => {
    return {
      output_type: "display_data",
      metadata: { taxi: { kind: "prediction", name, ...more } },
    };
  };
  const guessed = saved((check) => {
    check.outputs = [said("late"), said("late", { right: false }), said("rows", { right: true })];
  });
  assert.deepEqual(savedPredictions(guessed), { right: 1, of: 2 });
  assert.deepEqual(savedPredictions(text), { right: 0, of: 0 });
});

Deno.test("gradesOf() takes a check's last word", () => {
  const said = (verdict: "yes" | "not yet") => ({ cell: "ex-1-check", verdict, hint: "" });
  const grade = (verdicts: ReturnType<typeof said>[]) =>
    pointsOf({
      learner: "ana",
      notebook: "01_six_rides",
      exercises: gradesOf(lecture!, verdicts),
      predictions: { right: 0, of: 0 },
      failures: [],
      seconds: null,
    });
  assert.equal(grade([said("not yet"), said("yes")]), 1);
  assert.equal(grade([said("yes"), said("not yet")]), 0);
});

Deno.test("withChecks() puts the course's check below the code, whatever became of the learner's, with its imports", () => {
  for (const change of ["edit", "rename"]) {
    const mine = saved((check) => {
      check.source = 'await check("all is well", 1, 1);';
      if (change === "rename") check.id = "my-own";
    });
    const { cells } = JSON.parse(withChecks(lecture!, mine)) as { cells: RawCell[] };
    const at = cells.findIndex(({ id }) => id === "ex-1-check");
    assert.equal(cells[at - 1]?.id, "ex-1-code");
    const source = String(cells[at]?.source);
    assert.match(source, /^import \{ check, yourTurn \} from "lib\/course\/mod.ts";\n/);
    assert.match(source, /vendor 2 has not/);
    assert.equal(cells.filter(({ id }) => id === "ex-1-check").length, 1);
  }
});

Deno.test("lectureOf() knows a copy by its name, or by the lesson that it opens", () => {
  const opens = '{"cells":[{"source":"await openLesson(\\"nb01\\");"}]}';
  assert.equal(lectureOf([lecture!], "ana/01_six_rides.ipynb", "{}"), lecture);
  assert.equal(lectureOf([lecture!], "homework.ipynb", opens), lecture);
  assert.equal(lectureOf([lecture!], "homework.ipynb", "{}"), undefined);
});

Deno.test("savedGrades() says of what is no notebook that it is none, whatever was handed in", () => {
  const cells = (...cells: unknown[]) => JSON.stringify({ cells });
  const output = (taxi: unknown) => cells({ id: "ex-1-check", outputs: [{ metadata: { taxi } }] });
  for (
    const given of [
      ...["", "{", "null", "7", "[]", '{"cells":{}}', "[".repeat(100_000)],
      ...[cells(null), cells(7), cells({ id: 7 }), cells({ source: 7 }), cells({ source: [7] })],
      ...[cells({ outputs: {} }), cells({ outputs: [null] })],
      ...[output({ kind: "verdict", hint: {} }), output({ kind: "verdict", belief: ["M1"] })],
      output({ kind: "prediction", name: {}, right: 1 }),
    ]
  ) {
    const isRefused = { name: "SyntaxError", message: /^Cannot read the notebook: / };
    assert.throws(() => savedGrades(lecture!, given), isRefused, given.slice(0, 80));
    assert.throws(() => savedPredictions(given), isRefused);
    assert.throws(() => withChecks(lecture!, given), SyntaxError);
  }
  for (const taxi of [null, 7, "x", { kind: "verdict" }, { __proto__: null }]) {
    assert.equal(savedGrades(lecture!, output(taxi))[0]?.points, 0);
  }
});
