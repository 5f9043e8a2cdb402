import { isDeepStrictEqual } from "node:util";
import { yesOrNo } from "../settings/mod.ts";
import { type MisconceptionId, MISCONCEPTIONS } from "./misconceptions.ts";
import { type Bundle, escapeHtml, formats, frame, picture, screen, tag } from "../show/mod.ts";

/** What a check found: the solution, something else, or the stub as it came. */
export type Verdict = "yes" | "not yet" | "not tried";

/** A wrong answer that comes from a known misconception. */
export interface Mistake {
  /** What the learner seems to believe. */
  readonly belief: MisconceptionId;
  /** What is wrong with this answer, in one sentence. */
  readonly says: string;
}

/** What a judge may answer: true, or false, or the mistake in one sentence. */
export type Answer = boolean | string | Mistake;

/**
 * A mistake that comes from a misconception: the verdict shows the sentence and names the idea behind it.
 *
 * @param belief Its number in {@linkcode MISCONCEPTIONS}.
 * @param says What is wrong with this answer, in one sentence.
 */
export function believes(belief: MisconceptionId, says: string): Mistake {
  return { belief, says };
}

/**
 * What stands in an exercise until you write your own; it fits every type.
 *
 * ```ts ignore
 * const partition = yourTurn; // your turn
 * ```
 */
// deno-lint-ignore no-explicit-any -- a stub must type-check wherever the solution will stand
export const yourTurn: any = Object.freeze({ toString: () => "your turn" });

/**
 * Compares an exercise's result with what it should be and shows the verdict with its lesson. It never throws, unless
 * `TAXI_GRADE=1` asks for it: graders that know a cell by its error alone, such as nbgrader, then see what is not right.
 *
 * - *not tried*: `got` is, or contains, `yourTurn`;
 * - *not yet*: it differs, or the judge said what is wrong, or it threw;
 * - *yes*: it equals `expected` in every part, or the judge answered true.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { check, yourTurn } from "./check.ts";
 * await check("trips", yourTurn, 3); // ○ not tried
 * await check("trips", 2, (trips: number) => trips === 3 || "count vendor 2, too"); // ✗ not yet
 * assert.equal(await check("trips", 3, 3), undefined); // ✓ yes
 * ```
 * @param title What is checked, in a few words.
 * @param got The learner's result, or a promise of it.
 * @param expected The right value, or a judge: true for *yes*, a sentence that names the mistake for *not yet*.
 */
export function check<T>(
  title: string,
  got: T,
  expected: (got: Awaited<T>) => Answer | Promise<Answer>,
): Promise<void>;
/** Compares with the right value, part by part; see the form with a judge. */
export function check<T>(title: string, got: T, expected: Awaited<T>): Promise<void>;
export async function check(title: string, got: unknown, expected: unknown): Promise<void> {
  const judgement = await judge(got, expected);
  await screen().show(await verdictBundle(title, judgement), {
    metadata: { taxi: { kind: "verdict", title, ...judgement } },
  });
  if (judgement.verdict !== "yes" && yesOrNo(Deno.env, "TAXI_GRADE")) {
    throw new Error(`${title}: ${judgement.verdict}, ${judgement.hint}`);
  }
}

/** A verdict and what to tell the learner with it. */
export interface Judgement {
  /** Not tried, not yet, or yes. */
  readonly verdict: Verdict;
  /** What is wrong with the answer, in a sentence; empty when it is right. */
  readonly hint: string;
  /** The misconception that the judge recognized. */
  readonly belief?: MisconceptionId;
}

/** The verdict of `check()`, not shown. */
export async function judge(given: unknown, expected: unknown): Promise<Judgement> {
  try {
    const got = await given;
    if (holdsStub(got)) return { verdict: "not tried", hint: "write your answer at “your turn”" };
    if (typeof expected !== "function") {
      if (isDeepStrictEqual(got, expected)) return { verdict: "yes", hint: "" };
      return { verdict: "not yet", hint: `you have ${Deno.inspect(got, { depth: 4 })}` };
    }
    const answer = await expected(got);
    if (answer === true) return { verdict: "yes", hint: "" };
    if (typeof answer === "object" && answer !== null) {
      return { verdict: "not yet", hint: answer.says, belief: answer.belief };
    }
    return { verdict: "not yet", hint: typeof answer === "string" ? answer : "not what was asked" };
  } catch (error) {
    const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { verdict: "not yet", hint: `it threw ${said}` };
  }
}

/** Plain objects and lists are searched; a Map, a class or a function is the learner's work already. */
function holdsStub(value: unknown, depth = 4): boolean {
  if (value === yourTurn) return true;
  if (depth === 0 || typeof value !== "object" || value === null) return false;
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return plain && Object.values(value).some((part) => holdsStub(part, depth - 1));
}

const SIGN: Readonly<Record<Verdict, string>> = { yes: "✓", "not yet": "✗", "not tried": "○" };
const COLOR: Readonly<Record<Verdict, string>> = {
  yes: "var(--taxi-good)",
  "not yet": "var(--taxi-bad)",
  "not tried": "var(--taxi-soft)",
};

function verdictBundle(title: string, { verdict, hint, belief }: Judgement): Promise<Bundle> {
  const color = COLOR[verdict];
  const idea = belief === undefined ? "" : truthOf(belief);
  const body = tag(
    "div",
    { role: "status", style: `border-left:3px solid ${color};padding:4px 0 4px 12px` },
    tag("b", { style: `color:${color}` }, `${SIGN[verdict]} ${verdict}`),
    tag("span", { style: "margin-left:10px" }, escapeHtml(title)),
    hint === ""
      ? ""
      : tag("div", { style: "margin-top:3px;white-space:pre-wrap" }, escapeHtml(hint)),
    idea === ""
      ? ""
      : tag("div", { style: "margin-top:3px;color:var(--taxi-soft)" }, escapeHtml(idea)),
  );
  const said = [hint, idea].filter((part) => part !== "").join(" · ");
  const text = `${SIGN[verdict]} ${verdict} · ${title}${said === "" ? "" : `: ${said}`}`;
  return formats(picture(frame(body, { kind: "check" }), text));
}

function truthOf(id: MisconceptionId): string {
  const { belief, truth } = MISCONCEPTIONS[id];
  return `Do you think that ${belief}? ${truth}`;
}
