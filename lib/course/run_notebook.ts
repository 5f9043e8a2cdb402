import { fileURLToPath } from "node:url";
import { here, textOf } from "../platform/mod.ts";
import { folders } from "../settings/mod.ts";
import { oneLine, type ShippedAnswer } from "./answers.ts";
import type { Judgement } from "./check.ts";
import type { Solutions } from "./notebook.ts";
import { noteFile } from "./stop_button.ts";

/** What one check said while a notebook ran. */
export interface RunVerdict extends Judgement {
  /** Id of the cell that checked. */
  readonly cell: string;
  /** The sentence that the check puts to the test. */
  readonly title: string;
  /** Whether the solution stood in the stub's place. */
  readonly solved: boolean;
  /** The shipped answer that stood there, if one did. */
  readonly answer?: ShippedAnswer;
}

/** Why a run ended early. */
export interface RunFailure {
  /** Id of the cell that failed; empty when the kernel did not even start. */
  readonly cell: string;
  /** Class of the error, such as `TypeError`. */
  readonly name: string;
  /** The error's own message, without a stack. */
  readonly message: string;
}

/** What came of running a notebook from its first cell to its last. */
export interface NotebookRun {
  /** File name without its ending. */
  readonly name: string;
  /** Code cells that ended well. */
  readonly cells: number;
  /** In the order in which the checks ran. */
  readonly verdicts: readonly RunVerdict[];
  /** Cells below which the kernel shows the value of their last expression, and that value as text. */
  readonly values: readonly { readonly cell: string; readonly text: string }[];
  /** The first cell that failed; left out when every cell ended well. */
  readonly failure?: RunFailure;
  /** All cells that failed. */
  readonly failures: readonly RunFailure[];
}

/** How to run a notebook. */
export interface RunOptions {
  /** A Python that has JupyterLab (and so `jupyter_client`, `nbconvert`). */
  readonly python: string;
  /** Cells to run with another source than the notebook's. */
  readonly replace?: Solutions;
  /** Solutions to try in the same kernel, each after its check has judged the stub. */
  readonly solve?: Solutions;
  /** Shipped answers to try after the solution. @default [] */
  readonly answers?: readonly ShippedAnswer[];
  /** Runs the cells after one that failed, too, unless the kernel is gone or busy. @default false */
  readonly goOn?: boolean;
  /** Folder that the kernel starts in. @default the notebook's */
  readonly folder?: string;
  /** Writes an executed copy as HTML to this path. */
  readonly html?: string;
  /** Longest time for one cell, in milliseconds. @default 120_000 */
  readonly cellTimeoutMs?: number;
  /** More environment for the kernel, such as `KAFKA_BROKERS`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the run and its kernel. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a notebook headless in the real Deno kernel, as JupyterLab's "Run All" does, up to the first cell that fails.
 *
 * A cell fails when it throws, does not parse, ends the kernel, takes too long, or leaves an error that nobody catches.
 *
 * @param path The `.ipynb`; the kernel starts in its folder.
 */
export async function runNotebook(path: string, options: RunOptions): Promise<NotebookRun> {
  const name = path.replace(/^.*[/\\]/, "").replace(/\.ipynb$/, "");
  const quiet = { NO_COLOR: "1", PYTHONUTF8: "1" };
  const child = await here.spawn(options.python, {
    args: [fileURLToPath(new URL("./run_notebook.py", import.meta.url))],
    input: "piped",
    output: "piped",
    env: { ...here.env.toObject(), ...options.env, ...quiet },
  });
  const output = Promise.all([textOf(child.stdout), textOf(child.stderr), child.exited]);
  // At the end of its input it ends, and its kernel with it: no signal does that on Windows.
  const askToEnd = () => child.closeInput();
  options.signal?.addEventListener("abort", askToEnd, { once: true });
  const line = `${JSON.stringify(job(path, options))}\n`;
  await child.write(new TextEncoder().encode(line)); // its own words say why it ended
  if (options.signal?.aborted) askToEnd();
  const [stdout, stderr] = await output.finally(askToEnd);
  options.signal?.removeEventListener("abort", askToEnd);
  const told = stdout.trim().split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Told);
  const failed = told.filter((one) => one.error);
  const ended = told.some((one) => one.done);
  const replaced = new Set(Object.keys(options.replace ?? {}));
  const verdicts = told.flatMap((one) =>
    (one.verdicts ?? []).map((verdict) => {
      const cell = one.cell ?? "", stub = cell.replace(/-check$/, "-code");
      const tried = one.tried ?? null, solved = tried === 0 || replaced.has(stub);
      const answer = tried === null || tried === 0
        ? undefined
        : answersTo(stub, options)[tried - 1];
      return { ...verdict, cell, solved, ...(answer === undefined ? {} : { answer }) };
    })
  );
  const first = told.filter((one) => one.cell !== undefined && (one.tried ?? null) === null);
  const cells = first.filter((one) => !one.error).length;
  const failures = await Promise.all(failed.map(explain));
  if (failures.length === 0 && !ended) {
    failures.push({ cell: "", name: "NoKernel", message: lastLine(stderr) });
  }
  const [failure] = failures;
  const values = told.flatMap(({ cell = "", value }) =>
    value === undefined || value === null ? [] : [{ cell, text: value }]
  );
  return { name, cells, verdicts, values, failures, ...(failure === undefined ? {} : { failure }) };
}

interface Told {
  readonly cell?: string;
  readonly source?: string;
  readonly error?: { readonly name: string; readonly message: string } | null;
  readonly verdicts?: readonly (Judgement & { readonly title: string })[];
  /** What the kernel shows of the cell's last expression; null where that is undefined. */
  readonly value?: string | null;
  readonly done?: boolean;
  /** Which answer the cell ran for once more: 0 the solution, then the shipped ones. */
  readonly tried?: number | null;
}

/** The wrong ones first: what they leave behind must not spoil a right one. */
function answersTo(stub: string, { answers = [] }: RunOptions): readonly ShippedAnswer[] {
  const those = answers.filter((one) => one.stub === stub);
  return those.toSorted((a, b) => Number(a.right) - Number(b.right));
}

function job(path: string, options: RunOptions): object {
  return {
    kernel: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    cwd: options.folder ?? (path.replace(/[/\\]?[^/\\]*$/, "") || "."),
    startup: `await import(${JSON.stringify(new URL("./kernel_start.ts", import.meta.url).href)})`,
    notebook: path,
    replace: options.replace ?? {},
    solve: Object.fromEntries(
      Object.entries(options.solve ?? {}).map((
        [stub, solution],
      ) => [stub, [solution, ...answersTo(stub, options).map(({ source }) => source)]]),
    ),
    goOn: options.goOn ?? false,
    html: options.html ?? null,
    note: noteFile("{pid}", new Map(Object.entries({ ...Deno.env.toObject(), ...options.env }))),
    timeoutS: (options.cellTimeoutMs ?? 120_000) / 1000,
  };
}

/** A cell that does not parse says where, which the kernel does not tell. */
async function explain(told: Told): Promise<RunFailure> {
  const { name, message } = told.error!;
  const failure = { cell: told.cell ?? "", name, message };
  if (name !== "SyntaxError" || told.source === undefined) return failure;
  const ended = await here.run(Deno.execPath(), ["fmt", "--ext=ts", "-"], {
    env: { ...here.env.toObject(), NO_COLOR: "1" },
    input: told.source,
  });
  const said = ended?.errors ?? "";
  const where = said.match(/:(\d+):(\d+)/), what = said.match(/error: ([^\n]*?)(?: at file|\n|$)/);
  if (where === null || what === null) return failure;
  return {
    ...failure,
    message: `${what[1]!.trim().replace("SyntaxError: ", "")} (line ${where[1]}, column ${
      where[2]
    })`,
  };
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "the kernel did not start";
}

/** The folder that holds the notebooks. */
export function notebookFolder(): string {
  return `${folders().root}/notebooks`;
}

const ACCEPTED = "Check accepts the stub";

/**
 * What each check must say: *yes* with the solution or another right answer, its sentence to a wrong one, not *yes* to
 * the stub.
 *
 * @param options.accept Whether *yes* to what stands in the stub's place is no fault: a learner's own answer. @default false
 */
export function verdictFaults(
  run: NotebookRun,
  { accept = false }: { readonly accept?: boolean } = {},
): readonly RunFailure[] {
  return run.verdicts.flatMap((verdict) => {
    const name = faultOf(verdict);
    if (name === undefined || (accept && name === ACCEPTED)) return [];
    const { cell, title, hint, belief } = verdict, said = [belief, hint].filter(Boolean).join(" ");
    const message = `"${title}" says ${verdict.verdict}${said === "" ? "" : `: ${said}`}`;
    return [{ cell, name, message }];
  });
}

/**
 * Cells that show a value nobody meant to show: the kernel shows the last expression, also before declarations. What
 * stands in an exercise's cell is the learner's.
 */
export function valueFaults({ values }: NotebookRun): readonly RunFailure[] {
  return values.filter(({ cell }) => !cell.endsWith("-code")).map(({ cell, text }) => ({
    cell,
    name: "Value shown",
    message: `${oneLine(text).slice(0, 60)} (show() it, or put void before the expression)`,
  }));
}

function faultOf({ verdict, hint, belief, solved, answer }: RunVerdict): string | undefined {
  const yes = verdict === "yes";
  if (answer === undefined) {
    if (yes === solved) return undefined;
    return solved ? "Check refuses the solution" : ACCEPTED;
  }
  if (answer.right) return yes ? undefined : `Check refuses ${answer.id}`;
  if (yes) return `Check accepts ${answer.id}`;
  const met = oneLine(hint) === answer.says && belief === answer.belief;
  return met ? undefined : `Check says something else to ${answer.id}`;
}
