import { yourTurn } from "./check.ts";
import { tryToKeep } from "./predict.ts";
import type { BankQuestion } from "./bank_question.ts";
import { QUESTION_BANK } from "./question_bank.ts";
import { escapeHtml, formats, frame, type Picture, picture, screen, tag } from "../show/mod.ts";

/**
 * Asks a question of the bank. Write a letter in place of `yourTurn` and run it again: it says whether that is right,
 * and why. The first choice is remembered.
 *
 * ```ts ignore
 * await quiz("keep-up", yourTurn); // a, b or c
 * ```
 * @param name The question's, in {@linkcode QUESTION_BANK}.
 * @param choice A letter.
 * @throws {RangeError} If the bank has no such question.
 */
export async function quiz(name: string, choice: string): Promise<void> {
  const question = QUESTION_BANK.find((one) => one.name === name);
  if (question === undefined) {
    throw new RangeError(`Cannot ask "${name}": the question bank has no such name`);
  }
  const at = choice === yourTurn ? -1 : letters(question).indexOf(choice);
  const first = at < 0 ? choice : await keepChoice(question, choice);
  const drawn = quizPicture(question, choice === yourTurn ? undefined : { choice, first });
  await screen().show(await formats(drawn), {
    metadata: {
      taxi: {
        kind: "quiz",
        name,
        ...(at < 0 ? {} : { choice, first, right: first === rightOf(question) }),
      },
    },
  });
}

/** Keeps the first choice. @returns The first one. */
export async function keepChoice(question: BankQuestion, choice: string): Promise<string> {
  const { notebook, name, options } = question;
  const idea = options[letters(question).indexOf(choice)]?.belief ??
    options.find(({ belief }) => belief !== undefined)?.belief;
  const kept = await tryToKeep(`nb${notebook}`, `quiz ${name}`, {
    kind: "quiz",
    guess: choice,
    happened: rightOf(question),
    ...(idea === undefined ? {} : { idea }),
  });
  return String(kept.guess);
}

/** A choice, and the one that was made before any other. */
export interface Choice {
  /** The letter that stands there now. */
  readonly choice: string;
  /** The letter that stood there first. */
  readonly first: string;
}

const CSS = `.taxi-quiz .option{padding:2px 0 2px 12px}.taxi-quiz .said{margin-top:6px}`;

/** A question with its options, and what there is to say to a choice. */
export function quizPicture(question: BankQuestion, chosen?: Choice): Picture {
  const listed = question.options.map(({ text }, at) => `${letters(question)[at]}) ${text}`);
  const said = saidTo(question, chosen);
  const body = [
    ...listed.map((text) => tag("div", { class: "option" }, escapeHtml(text))),
    tag("div", { class: "said", role: "status" }, escapeHtml(said)),
  ].join("");
  return picture(
    frame(body, { kind: "quiz", title: question.question, css: CSS }),
    [question.question, ...listed.map((text) => `  ${text}`), said].join("\n"),
  );
}

function saidTo(question: BankQuestion, chosen: Choice | undefined): string {
  const words = letters(question).join(", ");
  if (chosen === undefined) {
    return `○ Write one of ${words} in place of yourTurn, and run the cell again.`;
  }
  const { choice, first } = chosen;
  if (!letters(question).includes(choice)) return `✗ "${choice}" is not one of ${words}.`;
  const earlier = first === choice ? "" : ` (Your first choice was ${first}.)`;
  return `${choice === rightOf(question) ? "✓ Yes." : "✗ No."} ${question.why}${earlier}`;
}

function letters({ options }: BankQuestion): readonly string[] {
  return options.map((_, at) => String.fromCharCode(97 + at));
}

function rightOf(question: BankQuestion): string {
  return letters(question)[question.options.findIndex(({ right }) => right)]!;
}
