import { yourTurn } from "./check.ts";
import { type Guess, guessing, keepGuess, type Kept, keptIn, wasRight } from "./guesses.ts";
import type { MisconceptionId } from "./misconceptions.ts";
import { escapeHtml, formats, frame, picture, screen, tag } from "../show/mod.ts";

/** What can be chosen, by letter. */
export type Options = Readonly<Record<string, string>>;

/** A prediction that this kernel has asked for. */
interface Asked {
  readonly options: Options | undefined;
  readonly kept: Kept | undefined;
}

/** By lesson and name. */
const asked = new Map<string, Asked>();

/** Names that were asked for in a lesson, in this kernel. */
export function askedIn(lesson: string): readonly string[] {
  return [...asked.keys()].filter((key) => key.startsWith(`${lesson} `))
    .map((key) => key.slice(lesson.length + 1));
}

/**
 * Writes down what you expect, before you run what follows. The first one counts, once you have seen how it was.
 *
 * With `yourTurn` in its place nothing is written down, and everything goes on.
 *
 * ```ts ignore
 * await predict("late-rides", 3);
 * await predict("asked-twice", "c", { a: "it fails", b: "it empties the topic", c: "nothing" });
 * await predict("by-size", ["b", "a"], { a: "Avro", b: "JSON" }); // an order
 * ```
 * @param name What `happened()` calls it, too.
 * @param guess A number or numbers; where there are options, a letter or letters.
 */
export async function predict<const Choice extends Options>(
  name: string,
  guess: number | readonly number[] | keyof Choice | readonly (keyof Choice)[],
  options?: Choice,
): Promise<void> {
  const lesson = guessing(name);
  const fault = guess === yourTurn ? undefined : faultOf(guess, options);
  const before = (await keptIn(lesson))[name];
  const made = guess !== yourTurn && fault === undefined;
  const kept = made
    ? await tryToKeep(lesson, name, { kind: "prediction", guess: guess as Guess })
    : before;
  asked.set(`${lesson} ${name}`, { options, kept });
  const [sign, says] = fault !== undefined
    ? ["✗", fault]
    : kept === undefined
    ? ["○", "no prediction yet: write yours in place of yourTurn, or run on without"]
    : ["●", `you say ${inWords(kept.guess, options)}${changed(guess, kept)}`];
  const list = Object.entries(options ?? {}).map(([letter, text]) => `${letter}) ${text}`);
  await put({ sign, name, says: kept === undefined ? [says, ...list] : [says] }, {});
}

/**
 * Shows what happened beside what you had predicted.
 *
 * @param name The prediction's.
 * @param value How it was; undefined where this cluster does not show it.
 * @param idea What one who predicts something else seems to believe.
 */
export async function happened(
  name: string,
  value: Guess | undefined,
  idea?: MisconceptionId,
): Promise<void> {
  const lesson = guessing(name), { options, kept } = asked.get(`${lesson} ${name}`) ?? {};
  if (value === undefined) {
    return await put({ sign: "○", name, says: ["this cluster does not show it"] }, {});
  }
  const was = inWords(value, options);
  if (kept === undefined) {
    return await put({ sign: "○", name, says: [`no prediction · it was ${was}`] }, {});
  }
  const known = await tryToKeep(lesson, name, {
    ...kept,
    happened: value,
    ...(idea === undefined ? {} : { idea }),
  });
  const right = wasRight({ ...known, happened: value });
  const yours = inWords(known.guess, options);
  const says = right
    ? [`you said ${yours}, and so it was`]
    : [`you said ${yours}`, `it was ${was}`];
  await put({ sign: right ? "✓" : "✗", name, says, beside: true }, { ...known, right });
}

/** A disk that is full or shut is no reason to stop a lesson. */
export async function tryToKeep(lesson: string, name: string, given: Kept): Promise<Kept> {
  try {
    return await keepGuess(lesson, name, given);
  } catch (error) {
    console.warn(`Could not keep "${name}": ${(error as Error).message}`);
    return given;
  }
}

function changed(guess: unknown, { guess: first, happened }: Kept): string {
  if (guess === yourTurn || happened === undefined) return "";
  return JSON.stringify(guess) === JSON.stringify(first)
    ? ""
    : " (your first one: you have seen how it was)";
}

function faultOf(guess: unknown, options: Options | undefined): string | undefined {
  const parts = Array.isArray(guess) ? guess : [guess];
  const letters = Object.keys(options ?? {});
  const fits = (part: unknown) =>
    options === undefined
      ? typeof part === "number" && Number.isFinite(part)
      : letters.includes(part as string);
  const wrong = parts.find((part) => !fits(part));
  if (wrong === undefined && parts.length > 0) return undefined;
  const shown = typeof wrong === "string" ? `"${wrong}"` : String(wrong);
  const wanted = options === undefined ? "a number" : `one of "${letters.join('", "')}"`;
  return `${shown} is not ${wanted}`;
}

function inWords(value: Guess, options: Options | undefined): string {
  if (typeof value === "object") return value.map((part) => inWords(part, options)).join(", ");
  const text = options?.[value];
  return text === undefined ? String(value) : `${value}) ${text}`;
}

interface Line {
  readonly sign: string;
  readonly name: string;
  readonly says: readonly string[];
  /** In two boxes, one beside the other. */
  readonly beside?: boolean;
}

const CSS = `.taxi-prediction .parts{display:flex;flex-wrap:wrap;gap:8px;margin-top:4px}` +
  `.taxi-prediction .part{border:1px solid var(--taxi-line);border-radius:7px;padding:3px 12px}` +
  `.taxi-prediction .option{margin-top:2px}`;

const COLOR: Readonly<Record<string, string>> = { "✓": "var(--taxi-good)", "✗": "var(--taxi-bad)" };

async function put({ sign, name, says, beside }: Line, kept: object): Promise<void> {
  const color = COLOR[sign] ?? "var(--taxi-soft)";
  const parts = says.map((text) =>
    tag("div", { class: beside ? "part" : "option" }, escapeHtml(text))
  );
  const body = tag(
    "div",
    { role: "status", style: `border-left:3px solid ${color};padding:4px 0 4px 12px` },
    tag("b", { style: `color:${color}` }, sign),
    tag("span", { style: "margin-left:8px" }, escapeHtml(name)),
    tag("div", { class: beside ? "parts" : "list" }, ...parts),
  );
  const text = `${sign} ${name}: ${says.join(beside ? " · " : "\n  ")}`;
  const drawn = picture(frame(body, { kind: "prediction", css: CSS }), text);
  await screen().show(await formats(drawn), {
    metadata: { taxi: { name, ...kept, kind: "prediction" } },
  });
}
