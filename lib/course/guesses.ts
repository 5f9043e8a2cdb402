/**
 * What a learner predicted and chose, kept in the checkout's state: a file for each notebook.
 *
 * @module
 */
import { isDeepStrictEqual } from "node:util";
import { folders, learnerOf } from "../settings/mod.ts";
import type { MisconceptionId } from "./misconceptions.ts";

/** A number, the letter of an option, or several of them in an order. */
export type Guess = number | string | readonly (number | string)[];

/** One guess of a learner, and how it was. */
export interface Kept {
  /** Whether it was written above a run, or chosen in a quiz. */
  readonly kind: "prediction" | "quiz";
  /** The first one: no second thought changes it once it is known how it was. */
  readonly guess: Guess;
  /** How it was; left out until the run. */
  readonly happened?: Guess;
  /** What one who is wrong here seems to believe. */
  readonly idea?: MisconceptionId;
}

/** Guesses by their name, such as `late-rides`. */
export type KeptGuesses = Readonly<Record<string, Kept>>;

let notebook = "";

/** Says whose guesses this kernel keeps from now on, such as `nb13`: a lesson does so when it opens. */
export function keepGuessesOf(lesson: string): void {
  notebook = lesson;
}

/**
 * The lesson that is open in this kernel.
 *
 * @throws {Error} If none is.
 */
export function guessing(name: string): string {
  if (notebook !== "") return notebook;
  throw new Error(`Cannot keep "${name}": no lesson is open (run the cell setup first)`);
}

/** Whether it came as the learner had said; null as long as it has not come. */
export function wasRight({ guess, happened }: Kept): boolean | null {
  return happened === undefined ? null : isDeepStrictEqual(guess, happened);
}

/** The guesses of one notebook. A file that is cut off or shut is as good as none: keeping says what is wrong with it. */
export async function keptIn(lesson: string): Promise<KeptGuesses> {
  try {
    return JSON.parse(await Deno.readTextFile(`${folder()}/${lesson}.json`));
  } catch {
    return {};
  }
}

/** The guesses of every notebook, by its short name. */
export async function keptInAll(): Promise<ReadonlyMap<string, KeptGuesses>> {
  const names = await Array.fromAsync(Deno.readDir(folder()), ({ name }) => name).catch(() => []);
  const lessons = names.flatMap((name) => name.match(/^(.*)\.json$/)?.[1] ?? []).sort();
  return new Map(
    await Promise.all(lessons.map(async (lesson) => [lesson, await keptIn(lesson)] as const)),
  );
}

/** Keeps a guess, or what became of it. What is known already stays. */
export async function keepGuess(lesson: string, name: string, given: Kept): Promise<Kept> {
  const all = await keptIn(lesson), before = all[name];
  if (before?.happened !== undefined) return before;
  const { openStateFolder } = await import("../cluster/mod.ts");
  await openStateFolder(folders().state);
  await Deno.mkdir(folder(), { recursive: true, mode: 0o700 });
  const file = `${folder()}/${lesson}.json`, unfinished = `${file}.${Deno.pid}`;
  await Deno.writeTextFile(unfinished, JSON.stringify({ ...all, [name]: given }, null, 1));
  await Deno.rename(unfinished, file);
  return given;
}

function folder(): string {
  const learner = learnerOf();
  return `${folders().state}/guesses${learner === undefined ? "" : `/${learner}`}`;
}
