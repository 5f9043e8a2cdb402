import type { Judgement } from "../../lib/course/mod.ts";
import { oneLine, type ShippedAnswer } from "../../lib/course/answers.ts";

/** A check with one of its assertions left out. */
export interface Mutant {
  /** First line of what is left out. */
  readonly without: string;
  /** The check's source without it. */
  readonly check: string;
}

/**
 * The check cell once without each of its assertions: a case of its table, an `if` that may refuse, the drawn arguments,
 * the last `||` with its sentence.
 */
export function mutantsOf(check: string): readonly Mutant[] {
  const lines = check.split("\n");
  const dropped = lines.flatMap((line, from) => {
    const to = endOf(lines, from);
    const isCase = /^ {2,4}\[/.test(line) && lines[to]!.endsWith(",");
    if (!isCase && !/^ +if \(.*|^ +if \($/.test(line)) return [];
    const rest = [...lines.slice(0, from), ...lines.slice(to + 1)].join("\n");
    return [{ without: line.trim(), check: rest }];
  });
  const drawn = check.replace(/\], \{\n\s+right:[\s\S]*\n\s*\}\)/, "])");
  const last = check.replace(/return ([^;]*?) \|\|\s/, "return (($1), true) || ");
  return [
    ...dropped,
    ...(drawn === check ? [] : [{ without: "the drawn arguments", check: drawn }]),
    ...(last === check ? [] : [{ without: "the last sentence", check: last }]),
  ];
}

/** The line where the brackets opened at `from` are closed and the statement or element ends. */
function endOf(lines: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < lines.length; at++) {
    for (const char of lines[at]!.replace(/"(?:[^"\\]|\\.)*"/g, "")) {
      if ("[({".includes(char)) depth++;
      if ("])}".includes(char)) depth--;
    }
    if (depth <= 0 && /[,;}]$/.test(lines[at]!)) return at;
  }
  return lines.length - 1;
}

/** What a check must say to an answer. */
export function expected({ id, right, says, belief }: ShippedAnswer) {
  return { id, verdict: right ? "yes" : "not yet", says, belief };
}

/** What it said. */
export function said({ id }: ShippedAnswer, { verdict, hint, belief }: Judgement) {
  return { id, verdict, says: oneLine(hint), belief };
}

/**
 * Assertions without which each wrong answer still meets its own sentence, by their first lines.
 *
 * @param told What each mutant said to each wrong answer, mutant by mutant.
 */
export function idleAssertions(
  mutants: readonly Mutant[],
  wrong: readonly ShippedAnswer[],
  told: readonly Judgement[],
): readonly string[] {
  const met = (answer: ShippedAnswer, one: Judgement) =>
    JSON.stringify(said(answer, one)) === JSON.stringify(expected(answer));
  return mutants.filter((_, at) =>
    wrong.every((answer, i) => met(answer, told[at * wrong.length + i]!))
  ).map(({ without }) => without);
}
