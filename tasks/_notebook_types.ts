/**
 * Checks the types of notebooks: Deno's kernel never does, and a wrong named import is `undefined` there.
 *
 * @module
 */
import { here } from "../lib/platform/mod.ts";
import { asModule, cellAt, type Lecture, lectures, withSolutions } from "../lib/course/mod.ts";
import { folders } from "../lib/settings/mod.ts";
import type { Step } from "./_suite.ts";

/** The step of `deno task check`: every notebook as shipped and with its solutions, types and lint. */
export function notebookTypes(): Step {
  return {
    name: "types of notebooks",
    run: async () => {
      const all = await lectures();
      const found = await typeFaults(all);
      for (const fault of found) console.log(fault);
      const bad = new Set(found.map((fault) => fault.split("#")[0])).size;
      return { passed: all.length - bad, failed: bad, skipped: 0 };
    },
  };
}

/** What `deno check` and `deno lint` find in notebooks; each fault begins with `notebook#cell, line n`. */
export async function typeFaults(all: readonly Lecture[]): Promise<readonly string[]> {
  if (all.length === 0) return [];
  const folder = await Deno.makeTempDir({ prefix: "taxi-notebooks-" });
  try {
    const files = new Map<string, string>();
    for (const { path, notebook, solutions } of all) {
      const base = new URL(`file://${path.replace(/[^/\\]*$/, "")}`).href;
      const solved = withSolutions(notebook, solutions);
      files.set(`${notebook.name}.ts`, asModule(notebook, base));
      files.set(`${notebook.name}.solved.ts`, asModule(solved, base));
    }
    for (const [name, text] of files) await Deno.writeTextFile(`${folder}/${name}`, text);
    const paths = [...files.keys()].map((name) => `${folder}/${name}`);
    const types = await deno(["check", "--quiet", "--config", config(), ...paths]);
    const lint = await deno([
      "lint",
      "--quiet",
      "--config",
      config(),
      `--rules-exclude=${MAY}`,
      ...paths,
    ]);
    return once([...typeErrors(types, files), ...lintErrors(lint, files)]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A fault outside the exercises is in both forms of the notebook: said once, as shipped. */
function once(faults: readonly string[]): string[] {
  const shipped = new Set(faults.filter((fault) => !fault.includes(SOLVED)));
  return [
    ...shipped,
    ...faults.filter((fault) => fault.includes(SOLVED) && !shipped.has(fault.replace(SOLVED, ""))),
  ];
}

const SOLVED = " (solved)";

/** Lint rules that a notebook may break: a stub is a `let` nobody sets yet, a cell may end in a value. */
const MAY = "prefer-const,no-unused-vars,no-empty";

function config(): string {
  return `${folders().root}/deno.json`;
}

async function deno(args: readonly string[]): Promise<string> {
  const env = { ...here.env.toObject(), NO_COLOR: "1" };
  const ended = await here.run(Deno.execPath(), args, { env });
  return ended?.success ? "" : `${ended?.errors}${ended?.output}`;
}

/** Messages look like `TS2322 [ERROR]: what\n …\n at file:///…/01_x.ts:12:5`. */
function typeErrors(output: string, files: ReadonlyMap<string, string>): string[] {
  const faults = output.split(/\n(?=TS\d+ )|^(?=TS\d+ )/).filter((part) => /^TS\d+ /.test(part));
  const told = faults.flatMap((part) => {
    const place = where(part.match(/at file:\S*?\/([^/\s]+\.ts):(\d+):\d+/), files);
    const what = part.match(/^(TS\d+) \[ERROR\]: ([\s\S]*?)\n/);
    return place === undefined ? [] : [`${place}: ${what?.[2]} (${what?.[1]})`];
  });
  // Something that has no place in a cell, such as an import that cannot be found, is still a fault.
  return output !== "" && told.length === 0 ? [`notebooks: ${output.trim()}`] : told;
}

/** Messages look like `error[rule]: what\n --> /…/01_x.ts:12:5`. */
function lintErrors(output: string, files: ReadonlyMap<string, string>): string[] {
  return output.split(/\n(?=error\[)|^(?=error\[)/).flatMap((part) => {
    const place = where(part.match(/--> \S*?([^/\\\s]+\.ts):(\d+):\d+/), files);
    const what = part.match(/^error\[([^\]]+)\]: ([^\n]*)/);
    return place === undefined || what === null ? [] : [`${place}: ${what[2]} (${what[1]})`];
  });
}

function where(
  at: RegExpMatchArray | null,
  files: ReadonlyMap<string, string>,
): string | undefined {
  const text = at === null ? undefined : files.get(at[1]!);
  if (text === undefined) return undefined;
  const { cell, line } = cellAt(text, Number(at![2]));
  return `${cell}, line ${line}${at![1]!.endsWith(".solved.ts") ? SOLVED : ""}`;
}
