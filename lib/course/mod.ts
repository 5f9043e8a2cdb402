/**
 * A lesson's own world: its names and topics, checks and quizzes, the stop button, and the headless runner.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { check, judge, yourTurn } from "./mod.ts";
 *
 * const trips: number = yourTurn; // your turn
 * await check("trips of vendor 2", trips, 3); // ○ not tried
 * assert.equal((await judge(trips, 3)).verdict, "not tried");
 * ```
 *
 * @module
 */

export { agreesOn, type AgreesOptions, type Case, type Drawn } from "./agrees_on.ts";
export { answersOf, asksTheCluster, type ShippedAnswer } from "./answers.ts";
export { type Attempt, attempt } from "./attempt.ts";
export type { BankOption, BankQuestion } from "./bank_question.ts";
export {
  type Answer,
  believes,
  check,
  judge,
  type Judgement,
  type Mistake,
  type Verdict,
  yourTurn,
} from "./check.ts";
export { debuggerOf, type DebuggerOptions } from "./debugger_of.ts";
export {
  type ExerciseGrade,
  type Grade,
  gradesOf,
  lectureOf,
  pointsOf,
  savedGrades,
  savedPredictions,
  withChecks,
} from "./grade.ts";
export { type Guess, keepGuessesOf, type Kept, type KeptGuesses, wasRight } from "./guesses.ts";
export {
  type Closable,
  Lesson,
  type LessonKafka,
  type LessonRegistry,
  type LessonWorld,
  startLesson,
  type TopicOptions,
} from "./lesson.ts";
export {
  type ClusterKeeper,
  LessonCluster,
  lessonCluster,
  type LessonClusterOptions,
  type SegmentFile,
} from "./lesson_cluster.ts";
export {
  LessonMember,
  type LessonMemberOptions,
  type MemberReads,
  type MemberRecord,
} from "./lesson_member.ts";
export { freshApp, startWorker } from "./lesson_app.ts";
export { type Misconception, type MisconceptionId, MISCONCEPTIONS } from "./misconceptions.ts";
export {
  asModule,
  type Cell,
  cellAt,
  type Notebook,
  parseNotebook,
  type Solutions,
  solutionsOf,
  withSolutions,
} from "./notebook.ts";
export { faults } from "./notebook_rules.ts";
export { forNbgrader, nbgraderConfig, type NbgraderPlaces } from "./nbgrader.ts";
export { openLesson } from "./open_lesson.ts";
export { QUESTION_BANK } from "./question_bank.ts";
export { happened, type Options, predict } from "./predict.ts";
export { keepChoice, quiz } from "./quiz.ts";
export { recap, type Score } from "./recap.ts";
export {
  notebookFolder,
  type NotebookRun,
  type RunFailure,
  runNotebook,
  type RunOptions,
  type RunVerdict,
  valueFaults,
  verdictFaults,
} from "./run_notebook.ts";
export { type Lecture, lectures } from "./shelf.ts";
export { pressStop, stoppable, Stopped, stopSignal } from "./stop_button.ts";
