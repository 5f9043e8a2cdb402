/**
 * An exercise without its notebook's kernel: the statements above that its check and an answer need, and no others, so
 * that what asks no cluster can be judged without one.
 *
 * @module
 */
import { pathToFileURL } from "node:url";
import { asModule, judge, type Judgement, type Notebook } from "../../lib/course/mod.ts";
import { folders } from "../../lib/settings/mod.ts";

/** One answer to judge, with the check to judge it by. */
export interface Attempted {
  /** Source in the stub's place. */
  readonly answer: string;
  /** Source of the check cell. */
  readonly check: string;
}

type Checked = (check: (title: string, got: unknown, expected: unknown) => unknown) => unknown;

/**
 * What an exercise's check says to each answer.
 *
 * @param stub Id of the cell that the answers stand in for, such as `ex-1-code`.
 */
export async function judgements(
  notebook: Notebook,
  stub: string,
  tried: readonly Attempted[],
): Promise<readonly Judgement[]> {
  // A name that a cell declares somewhere is taken for its own, until it turns out to be missing elsewhere in the cell.
  for (const missed = new Set<string>();;) {
    const told = await judgedIn(moduleOf(notebook, stub, tried, missed));
    const missing = (typeof told === "string" ? [told] : told.map(({ hint }) => hint))
      .map((text) => text.match(/(?:^|: |throws )(\w+) is not defined$/)?.[1])
      .find((name) => name !== undefined && !missed.has(name));
    if (missing !== undefined) missed.add(missing);
    else if (typeof told === "string") throw new Error(told);
    else return told;
  }
}

/** The judgements of a module's answers, or why it cannot even be loaded. */
async function judgedIn(source: string): Promise<readonly Judgement[] | string> {
  const folder = await Deno.makeTempDir({ prefix: "taxi-exercise-" });
  try {
    const file = `${folder}/exercise.ts`;
    await Deno.writeTextFile(file, source);
    const { answers } = await import(pathToFileURL(file).href) as { answers: readonly Checked[] };
    const told: Judgement[] = [];
    for (const answer of answers) told.push(await judged(answer));
    return told;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A cell that throws before its check has spoken stops the notebook: that is no verdict. */
async function judged(answer: Checked): Promise<Judgement> {
  let told: Judgement | undefined;
  await answer(async (_title, got, expected) => void (told = await judge(got, expected)));
  if (told === undefined) throw new Error("Cannot judge an answer: its cell calls no check");
  return told;
}

function moduleOf(
  notebook: Notebook,
  stub: string,
  tried: readonly Attempted[],
  missed: ReadonlySet<string>,
): string {
  const at = notebook.cells.findIndex(({ id }) => id === stub);
  const above = notebook.cells.slice(0, at).filter(({ id, kind }) =>
    kind === "code" && !id.startsWith("ex-")
  );
  const statements = above.flatMap(({ source }) => statementsOf(source));
  const imports = statements.filter((one) => one.startsWith("import "));
  const rest = statements.filter((one) => !one.startsWith("import "));
  const wanted = tried.map(({ answer, check }) => `${answer}\n${check}`).join("\n");
  const given = needed(rest, wanted, missed).join("\n").replaceAll('"../', '"./');
  const answers = tried.map(({ answer, check }) =>
    `async (check: any, show = async (..._shown: unknown[]) => {}) => {\n${answer}\n${check}\n}`
  );
  const root = pathToFileURL(`${folders().root}/`).href;
  const base = `${root}notebooks/`;
  const whole: Notebook = {
    ...notebook,
    cells: [{ ...above[0]!, source: [...imports, given].join("\n") }],
  };
  return asModule(whole, base).replaceAll('from "lib/', `from "${root}lib/`) +
    `export const answers = [${answers.join(",\n")}];\n`;
}

/** Source cut where a line begins a statement: at the margin, and not with a closing bracket. */
export function statementsOf(source: string): string[] {
  return source.split(/\n(?=[^\s})\]])/).filter((one) => one.trim() !== "");
}

/** The statements that declare what is used, and what those use, in their order. */
function needed(
  statements: readonly string[],
  used: string,
  missed: ReadonlySet<string>,
): string[] {
  const chosen = new Set<string>();
  const look = (text: string) => {
    const words = wordsOf(text, missed);
    for (const statement of statements) {
      if (chosen.has(statement) || !declared(statement).some((name) => words.has(name))) continue;
      chosen.add(statement);
      look(statement);
    }
  };
  look(used);
  return statements.filter((one) => chosen.has(one));
}

/** Names that may come from above: no properties, keys or words in strings, and none that the text itself declares. */
function wordsOf(text: string, missed: ReadonlySet<string>): Set<string> {
  const bare = text.replace(/\/\/.*$/gm, "").replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replace(/`(?:[^`\\]|\\.)*`/g, (whole) => (whole.match(/\$\{[^}]*\}/g) ?? []).join(" "));
  const words = bare.matchAll(/(?<![.\w]|[{,]\s*(?=\w+:))\b[A-Za-z_]\w*|(?<=\.\.\.)\w+/g);
  const own = [
    ...bare.matchAll(
      /\(([^()]*)\)\s*(?::[^=;]*)?=>|function\*? \w+\(([^()]*)\)|\b(\w+) =>/g,
    ),
    ...bare.matchAll(/\b(?:const|let|using) ([{[][^=]*?[}\]](?= =)|\w+)/g),
  ].flatMap((found) => found.slice(1).join(" ").match(/\w+/g) ?? []);
  const names = new Set([...words].map(([word]) => word));
  for (const name of own) if (!missed.has(name)) names.delete(name);
  return names;
}

/** Names that a statement declares at the top. */
function declared(statement: string): string[] {
  const named = statement.match(/^(?:async )?(?:function\*?|class|interface|type) (\w+)/);
  if (named !== null) return [named[1]!];
  const variables = statement.match(/^(?:await )?(?:const|let|using) ([\s\S]*)$/);
  if (variables === null) return [];
  return declarators(variables[1]!).flatMap((one) => {
    const pattern = one.match(/^\s*([{[][\s\S]*?[}\]]|\w+)\s*(?::[\s\S]*?)?=(?![=>])/)?.[1];
    return pattern === undefined ? [] : [...pattern.matchAll(/(\w+)\s*(?=[,}\]=]|$)/g)]
      .map(([, name]) => name!);
  });
}

/** `a = f(1, 2), b = 3` in its two parts. */
function declarators(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const char of text) {
    if ("([{".includes(char)) depth++;
    if (")]}".includes(char)) depth--;
    if (char === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts;
}
