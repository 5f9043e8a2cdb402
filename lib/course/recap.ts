import { guessing, type KeptGuesses, keptInAll, wasRight } from "./guesses.ts";
import { type MisconceptionId, MISCONCEPTIONS } from "./misconceptions.ts";
import { askedIn } from "./predict.ts";
import { escapeHtml, formats, frame, picture, screen, tag } from "../show/mod.ts";

/** How many guesses came as they were made. */
export interface Score {
  /** Those that came as they were made. */
  readonly right: number;
  /** Those of which it is known how it was. */
  readonly of: number;
}

/** An idea behind guesses that were wrong. */
export interface ShakyIdea extends Score {
  /** Number in {@linkcode MISCONCEPTIONS}. */
  readonly idea: MisconceptionId;
}

/** How many of the guesses of a kind were right. */
export function scoreOf(kept: KeptGuesses, kind: "prediction" | "quiz"): Score {
  const known = Object.values(kept).filter((one) => one.kind === kind && wasRight(one) !== null);
  return { right: known.filter((one) => wasRight(one)).length, of: known.length };
}

/** Ideas that somebody was wrong about, the most often missed ones first. */
export function shakyIdeas(all: Iterable<KeptGuesses>): readonly ShakyIdea[] {
  const ideas = new Map<MisconceptionId, { right: number; of: number }>();
  for (const kept of all) {
    for (const one of Object.values(kept)) {
      const right = wasRight(one);
      if (right === null || one.idea === undefined) continue;
      const score = ideas.get(one.idea) ?? { right: 0, of: 0 };
      ideas.set(one.idea, { right: score.right + (right ? 1 : 0), of: score.of + 1 });
    }
  }
  const missed = ({ right, of }: Score) => of - right;
  return [...ideas].map(([idea, score]) => ({ idea, ...score })).filter((one) => missed(one) > 0)
    .sort((a, b) => missed(b) - missed(a) || a.idea.localeCompare(b.idea));
}

/** Shows how many predictions and quizzes were right, here and in all notebooks, and which ideas are shaky. */
export async function recap(): Promise<void> {
  const lesson = guessing("the recap"), all = await keptInAll();
  const here = all.get(lesson) ?? {};
  const lines = [
    ...hereInWords(here, askedIn(lesson).filter((name) => here[name] === undefined).length),
    ...(["prediction", "quiz"] as const).flatMap((kind) => {
      const scores = [...all.values()].map((kept) => scoreOf(kept, kind));
      const of = scores.reduce((sum, score) => sum + score.of, 0);
      const right = scores.reduce((sum, score) => sum + score.right, 0);
      return of === 0 ? [] : [`All notebooks: ${inWords({ right, of }, kind)}`];
    }),
  ];
  const shaky = shakyIdeas(all.values()).map(({ idea, right, of }) =>
    `${MISCONCEPTIONS[idea].truth} (${right} of ${of} right)`
  );
  const body = [
    ...lines.map((text) => tag("div", {}, escapeHtml(text))),
    ...(shaky.length === 0 ? [] : [
      tag("div", { style: "margin-top:6px;font-weight:600" }, "Look at these again:"),
      tag("ul", { style: "margin:2px 0" }, ...shaky.map((text) => tag("li", {}, escapeHtml(text)))),
    ]),
  ].join("");
  const text = [...lines, ...(shaky.length === 0 ? [] : ["Look at these again:"]), ...shaky];
  const drawn = picture(frame(body, { kind: "recap", title: "Your guesses" }), text.join("\n"));
  await screen().show(await formats(drawn));
}

function hereInWords(here: KeptGuesses, missing: number): readonly string[] {
  const score = scoreOf(here, "prediction"), quizzes = scoreOf(here, "quiz");
  const open = Object.values(here).filter((one) => wasRight(one) === null).length;
  const still = [
    missing === 0 ? "" : `${missing} without a prediction`,
    open === 0 ? "" : `${open} not run yet`,
  ].filter((part) => part !== "");
  const made = score.of === 0 && open === 0
    ? "no prediction made: write one above a run, and this tells how many were right"
    : inWords(score, "prediction");
  return [
    `This notebook: ${[made, ...(made.startsWith("no ") ? [] : still)].join(", ")}`,
    ...(quizzes.of === 0 ? [] : [`This notebook: ${inWords(quizzes, "quiz")}`]),
  ];
}

function inWords({ right, of }: Score, kind: "prediction" | "quiz"): string {
  const many = kind === "quiz" ? "quizzes" : "predictions";
  return `${right} of ${of} ${of === 1 ? kind : many} right`;
}
