import type { Judgement } from "./check.ts";
import type { MisconceptionId } from "./misconceptions.ts";
import type { Score } from "./recap.ts";
import type { RunFailure, RunVerdict } from "./run_notebook.ts";
import type { Lecture } from "./shelf.ts";

/** What became of one exercise of one learner. */
export interface ExerciseGrade {
  /** Such as `ex-1`. */
  readonly exercise: string;
  /** 1 for *yes*, otherwise 0. */
  readonly points: 0 | 1;
  /**
   * What the check said; *not run* where it did not come to speak, *changed* where a saved notebook's check is not the
   * course's, so that its word counts for nothing.
   */
  readonly verdict: Judgement["verdict"] | "not run" | "changed";
  /** The check's sentence; empty for *yes*. */
  readonly hint: string;
  /** The misconception that the check named. */
  readonly belief?: MisconceptionId;
}

/** One learner's notebook, graded. */
export interface Grade {
  /** Whose it is. */
  readonly learner: string;
  /** File name of the course's notebook, without its ending. */
  readonly notebook: string;
  /** In the notebook's order. */
  readonly exercises: readonly ExerciseGrade[];
  /** Predictions that the saved notebook shows beside what happened: no points, but worth a word. */
  readonly predictions: Score;
  /** Cells that failed, when it was run. */
  readonly failures: readonly RunFailure[];
  /** How long the run took; null for a notebook that was read only. */
  readonly seconds: number | null;
}

/** Points that a grade adds up to. */
export function pointsOf({ exercises }: Grade): number {
  return exercises.reduce((sum, { points }) => sum + points, 0);
}

/** Ids of a lesson's check cells, such as `ex-1-check`, with their sources. */
export function checksOf({ notebook }: Lecture): ReadonlyMap<string, string> {
  const checks = notebook.cells.filter(({ id, kind }) =>
    kind === "code" && /^ex-\d+-check$/.test(id)
  );
  return new Map(checks.map(({ id, source }) => [id, source]));
}

/**
 * The course's check cells to run in a learner's notebook, each with the lesson's own imports in front: a learner's cell
 * that gives `check` another meaning changes nothing.
 */
export function checksToRun(lecture: Lecture): Readonly<Record<string, string>> {
  const setup = lecture.notebook.cells.find(({ id }) => id === "setup")?.source ?? "";
  const imports = setup.match(/^import [^;]*;$/gm) ?? [];
  return Object.fromEntries(
    [...checksOf(lecture)].map(([id, source]) => [id, [...imports, source].join("\n")]),
  );
}

/** Grades by what checks said, the last word of each. */
export function gradesOf(
  lecture: Lecture,
  verdicts: readonly Pick<RunVerdict, "cell" | "verdict" | "hint" | "belief">[],
  changed: ReadonlySet<string> = new Set(),
): readonly ExerciseGrade[] {
  return [...checksOf(lecture).keys()].map((cell) => {
    const exercise = cell.replace(/-check$/, "");
    if (changed.has(cell)) {
      return {
        exercise,
        points: 0,
        verdict: "changed",
        hint: "the check cell is not the course's",
      };
    }
    const last = verdicts.findLast((one) => one.cell === cell);
    if (last === undefined) return { exercise, points: 0, verdict: "not run", hint: "" };
    const { verdict, hint, belief } = last;
    const points = verdict === "yes" ? 1 : 0;
    return { exercise, points, verdict, hint, ...(belief === undefined ? {} : { belief }) };
  });
}

/** What `check()` and `happened()` put beside their output. */
interface SavedTaxi extends Judgement {
  readonly kind?: string;
  readonly name?: string;
  readonly right?: boolean;
}

interface SavedCell {
  readonly id?: string;
  readonly cell_type?: string;
  readonly source?: string | readonly string[];
  readonly outputs?: readonly {
    readonly metadata?: { readonly taxi?: SavedTaxi };
  }[];
}

/**
 * Grades a saved notebook by the verdicts that stand in it. Who edits the file can write any verdict into it: a check cell
 * that is not the course's counts for nothing, but only a run with the course's checks is proof.
 *
 * @throws {SyntaxError} If the text is not a notebook.
 */
export function savedGrades(lecture: Lecture, text: string): readonly ExerciseGrade[] {
  const cells = savedCells(text), checks = checksOf(lecture);
  const found = cells.filter(({ id }) => id !== undefined && checks.has(id));
  const verdicts = found.flatMap(({ id, outputs = [] }) =>
    outputs.flatMap(({ metadata }) => {
      const taxi = metadata?.taxi;
      if (taxi?.kind !== "verdict") return [];
      const { verdict, hint, belief } = taxi;
      return [{ verdict, hint, cell: id!, ...(belief === undefined ? {} : { belief }) }];
    })
  );
  const changed = found.filter(({ id, source }) => sourceOf(source) !== checks.get(id!));
  return gradesOf(lecture, verdicts, new Set(changed.map(({ id }) => id!)));
}

/** How many of the predictions that stand in a saved notebook were right; a prediction counts once. */
export function savedPredictions(text: string): Score {
  const known = new Map<string, boolean>();
  for (const { outputs = [] } of savedCells(text)) {
    for (const { metadata } of outputs) {
      const { kind, name, right } = metadata?.taxi ?? {};
      if (kind === "prediction" && name !== undefined && right !== undefined) {
        known.set(name, right);
      }
    }
  }
  return { right: [...known.values()].filter((right) => right).length, of: known.size };
}

/**
 * The learner's notebook with the course's check cells in it, each after its exercise's code: as they are, or where they
 * were deleted or renamed.
 *
 * @returns The text of a notebook to run.
 */
export function withChecks(lecture: Lecture, text: string): string {
  const raw = JSON.parse(text), sources = checksToRun(lecture);
  const cells = savedCells(text).filter(({ id }) => id === undefined || !(id in sources));
  for (const [id, source] of Object.entries(sources)) {
    const check = {
      cell_type: "code",
      id,
      metadata: {},
      execution_count: null,
      outputs: [],
      source,
    };
    const code = cells.findLastIndex((cell) => cell.id === id.replace(/-check$/, "-code"));
    const end = cells.findIndex((cell) => cell.id === "cleanup");
    cells.splice(code >= 0 ? code + 1 : end >= 0 ? end : cells.length, 0, check);
  }
  return JSON.stringify({ ...raw, cells });
}

/**
 * Which lesson a notebook is a copy of: by its file's name, or by the lesson that it opens.
 *
 * @returns undefined for a notebook that is none of the course's.
 */
export function lectureOf(
  all: readonly Lecture[],
  path: string,
  text: string,
): Lecture | undefined {
  const opened = text.match(/openLesson\(\\"nb(\d\d)\\"\)/)?.[1];
  return all.find(({ notebook: { name } }) => path.includes(name)) ??
    all.find(({ notebook: { name } }) => opened !== undefined && name.startsWith(`${opened}_`));
}

function savedCells(text: string): SavedCell[] {
  let raw;
  try {
    raw = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`Cannot read the notebook: ${(error as Error).message}`);
  }
  if (!Array.isArray(raw?.cells)) {
    throw new SyntaxError("Cannot read the notebook: it has no cells");
  }
  const bad = raw.cells.findIndex((cell: unknown) => !isCell(cell));
  if (bad >= 0) {
    throw new SyntaxError(`Cannot read the notebook: cell ${bad + 1} is not one of a notebook`);
  }
  return raw.cells;
}

/** As far as it is looked at: a learner may hand in whatever is called `.ipynb`. */
function isCell(cell: unknown): cell is SavedCell {
  if (typeof cell !== "object" || cell === null) return false;
  const { id = "", source = "", outputs = [] } = cell as Record<keyof SavedCell, unknown>;
  return typeof id === "string" && (Array.isArray(source) ? source : [source]).every(isText) &&
    Array.isArray(outputs) && outputs.every(isOutput);
}

function isOutput(output: unknown): boolean {
  const { verdict, hint, belief, name } = Object(Object(Object(output).metadata).taxi);
  return Object(output) === output &&
    [verdict, hint, belief, name].every((one) => one === undefined || isText(one));
}

const isText = (value: unknown) => typeof value === "string";

function sourceOf(source: SavedCell["source"] = ""): string {
  return typeof source === "string" ? source : source.join("");
}
