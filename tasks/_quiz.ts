/**
 * The question bank in a terminal, and as cards for Anki.
 *
 * @module
 */
import { type BankQuestion, type MisconceptionId, MISCONCEPTIONS } from "../lib/course/mod.ts";

/** How a round of questions went. */
export interface Round {
  /** Questions that were answered. */
  readonly asked: number;
  /** Those that were answered right, at the first choice. */
  readonly right: number;
  /** Beliefs behind the wrong choices, each once. */
  readonly beliefs: readonly MisconceptionId[];
}

/**
 * Asks one question after another; the first choice counts.
 *
 * @param choose Returns the letter for a question, or null to stop.
 * @param say Puts out lines.
 * @param remember Keeps a first choice.
 */
export async function askAll(
  questions: readonly BankQuestion[],
  choose: () => Promise<string | null>,
  say: (line: string) => void,
  remember: (question: BankQuestion, choice: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<Round> {
  let asked = 0, right = 0;
  const beliefs = new Set<MisconceptionId>();
  for (const one of questions) {
    const { notebook, question, options, why } = one;
    say(`\n${notebook} · ${question}`);
    for (const [at, { text }] of options.entries()) say(`  ${letter(at)}) ${text}`);
    const chosen = await chosenOf(options.length, choose, say);
    if (chosen === null) break;
    const option = options[chosen]!;
    await remember(one, letter(chosen));
    asked++;
    if (option.right) right++;
    else if (option.belief !== undefined) beliefs.add(option.belief);
    const answer = letter(options.findIndex((one) => one.right));
    say(option.right ? `✓ Yes. ${why}` : `✗ No, ${answer}. ${why}`);
  }
  return { asked, right, beliefs: [...beliefs] };
}

async function chosenOf(
  count: number,
  choose: () => Promise<string | null>,
  say: (line: string) => void,
): Promise<number | null> {
  for (;;) {
    const word = (await choose())?.trim().toLowerCase();
    if (word === undefined || word === "q") return null;
    const at = Array.from({ length: count }, (_, at) => letter(at)).indexOf(word);
    if (at >= 0) return at;
    say(`Type a letter from a to ${letter(count - 1)}, or q to stop.`);
  }
}

/** What to say at the end of a round. */
export function summaryOf({ asked, right, beliefs }: Round): string {
  const ideas = beliefs.map((id) => `  ${id}  ${MISCONCEPTIONS[id].truth}`);
  return [`${right} of ${asked} right`, ...(ideas.length > 0 ? ["Look again at:"] : []), ...ideas]
    .join("\n");
}

/** A text file that Anki imports: a card a line, front, back and tag. */
export function ankiOf(questions: readonly BankQuestion[]): string {
  const cards = questions.map(({ notebook, question, options, why }) => {
    const choices = options.map(({ text }, at) => `${letter(at)}) ${text}`);
    const at = options.findIndex(({ right }) => right);
    const front = [question, ...choices].map(escaped).join("<br>");
    const back = [`${letter(at)}) ${options[at]!.text}`, why].map(escaped).join("<br>");
    return [front, back, `nb${notebook}`].join("\t");
  });
  return ["#separator:tab", "#html:true", "#tags column:3", ...cards].join("\n") + "\n";
}

function letter(at: number): string {
  return String.fromCharCode(97 + at);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll("\t", " ");
}
