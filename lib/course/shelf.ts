import { answersOf, type ShippedAnswer } from "./answers.ts";
import { notebookFolder } from "./run_notebook.ts";
import { type Notebook, parseNotebook, type Solutions, solutionsOf } from "./notebook.ts";

/** One notebook of the course with the solutions of its exercises. */
export interface Lecture {
  /** Path of the `.ipynb`. */
  readonly path: string;
  /** As it stands in the file, stubs and all. */
  readonly notebook: Notebook;
  /** By the id of the stub cell; empty when there is no solution notebook. */
  readonly solutions: Solutions;
  /** The other answers that ship with the solutions. */
  readonly answers: readonly ShippedAnswer[];
}

/**
 * Reads the course's notebooks, in order.
 *
 * @param wanted Numbers or names, such as `04`, `4` or `04_consumer_groups`; none means all.
 * @throws {RangeError} If a wanted notebook is not there.
 */
export async function lectures(
  wanted: readonly string[] = [],
  folder: string = notebookFolder(),
): Promise<readonly Lecture[]> {
  const names = await namesIn(folder);
  const chosen = wanted.length === 0 ? names : wanted.map((word) => pick(word, names));
  return await Promise.all([...new Set(chosen)].sort().map((name) => read(folder, name)));
}

function pick(word: string, names: readonly string[]): string {
  const number = /^\d+$/.test(word) ? `${word.padStart(2, "0")}_` : undefined;
  const found = names.find((name) =>
    name === word.replace(/\.ipynb$/, "") || (number !== undefined && name.startsWith(number))
  );
  if (found !== undefined) return found;
  throw new RangeError(`Cannot find notebook "${word}": there are ${names.join(", ") || "none"}`);
}

async function namesIn(folder: string): Promise<string[]> {
  const names: string[] = [];
  try {
    for await (const { name, isFile } of Deno.readDir(folder)) {
      // `restore-notebook` keeps a learner's copy as `NN_name.mine-….ipynb`.
      const ours = /^\d\d_.*\.ipynb$/.test(name) && !name.includes(".mine-");
      if (isFile && ours) names.push(name.replace(/\.ipynb$/, ""));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return names.sort();
}

async function read(folder: string, name: string): Promise<Lecture> {
  const path = `${folder}/${name}.ipynb`;
  const notebook = parseNotebook(name, await Deno.readTextFile(path));
  try {
    const text = await Deno.readTextFile(`${folder}/solutions/${name}.ipynb`);
    const solved = parseNotebook(name, text);
    return { path, notebook, solutions: solutionsOf(solved), answers: answersOf(solved) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return { path, notebook, solutions: {}, answers: [] };
}
