import { isDeepStrictEqual } from "node:util";
import type { Answer } from "./check.ts";

/** What a learner's function should give for its arguments, and why it should. */
export type Case<Args extends readonly unknown[], Result> = readonly [
  args: Args,
  expected: Result,
  why?: Exclude<Answer, boolean> | ((got: Result) => Exclude<Answer, boolean>),
];

/** An arbitrary of fast-check. */
export interface Drawn {
  /** Draws a value. */
  generate(...args: never[]): unknown;
}

/** What a learner's function must agree with, beside the cases. */
export interface AgreesOptions<Args extends readonly unknown[], Result> {
  /** The right function. */
  readonly right: (...args: Args) => Result;
  /** What it follows, in a few words: for a function that agrees in all cases and differs elsewhere. */
  readonly rule?: string;
  /** What to draw arguments from, one arbitrary of fast-check for each; the draws are the same every time. */
  readonly random: (fc: typeof import("fast-check")) => readonly Drawn[];
}

/** Longer arguments are not written out, where the author says what they are. */
const MOST = 80;

/** Few enough for a check to end at once, many enough to find a border that no case stands on. */
const RUNS = 300, SEED = 2021;

/**
 * A judge of functions: each case in order, then drawn arguments, of which a failing one is made as small as it can be.
 *
 * A learner's function may change its arguments, as it gets copies, and may be async.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { agreesOn } from "./agrees_on.ts";
 * const judge = agreesOn([[[2, 3], 1, "one of three has no partition"]]);
 * const idle = (partitions: number, members: number) => members - partitions;
 * assert.equal(await judge(idle), true);
 * const none = () => 0;
assert.equal(await judge(none), "none(2, 3) gives 0, not 1: one of three has no partition");
 * ```
 * @param cases Arguments, the right result, and the sentence for who gets another.
 */
export function agreesOn<Args extends readonly unknown[] | [], Result>(
  cases: readonly Case<Args, Result>[],
  options?: AgreesOptions<Args, Result>,
): (mine: (...args: Args) => Result) => Promise<Answer> {
  return async (mine) => {
    for (const [args, expected, why] of cases) {
      const fault = await difference(mine, args, expected, why === undefined ? Infinity : MOST);
      if (fault !== undefined) return because(fault, why);
    }
    if (options === undefined) return true;
    const { right, random, rule } = options;
    const fc = await import("fast-check");
    const differs = (drawn: readonly unknown[]) => {
      const args = drawn as unknown as Args;
      return difference(mine, args, plain(right(...structuredClone(args) as Args)) as Result);
    };
    const agrees = async (drawn: readonly unknown[]) => await differs(drawn) === undefined;
    const drawn = fc.tuple(...random(fc) as Parameters<typeof fc.tuple>);
    const property = fc.asyncProperty(drawn, agrees);
    const { counterexample } = await fc.check(property, { seed: SEED, numRuns: RUNS });
    if (counterexample === null) return true;
    const fault = await differs(counterexample[0]);
    return fault === undefined ? "it gives another result each time" : because(fault, rule);
  };
}

interface Difference<Result> {
  readonly says: string;
  /** Left out when the function threw. */
  readonly got?: Result;
}

async function difference<Args extends readonly unknown[], Result>(
  mine: (...args: Args) => Result | Promise<Result>,
  args: Args,
  expected: Result,
  most = Infinity,
): Promise<Difference<Result> | undefined> {
  const name = mine.name || "your function", given = inspect(args).replace(/^\[ ?| ?\]$/g, "");
  const asked = given.length <= most ? `${name}(${given})` : `${name}(…)`;
  try {
    const got = plain(await mine(...structuredClone(args) as Args)) as Result;
    if (isDeepStrictEqual(got, expected)) return undefined;
    return { says: `${asked} gives ${inspect(got)}, not ${inspect(expected)}`, got };
  } catch (error) {
    return { says: `${asked} throws ${error instanceof Error ? error.message : error}` };
  }
}

function because<Result>(
  { says, got }: Difference<Result>,
  why: Case<readonly unknown[], Result>[2],
): Answer {
  if (got === undefined && typeof why === "function") return says;
  const reason = typeof why === "function"
    ? (why as (got: Result) => Exclude<Answer, boolean>)(got!)
    : why;
  if (reason === undefined) return says;
  if (typeof reason === "string") return `${says}: ${reason}`;
  return { ...reason, says: `${says}: ${reason.says}` };
}

function inspect(value: unknown): string {
  return Deno.inspect(value, { depth: 4, breakLength: Infinity, compact: true });
}

/** Without the sign of zero, which no exercise is about. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  return value === 0 ? 0 : value;
}
