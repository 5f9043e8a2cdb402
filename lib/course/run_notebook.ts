import { fileURLToPath } from "node:url";
import { folders } from "../settings/mod.ts";
import type { Verdict } from "./check.ts";
import type { Solutions } from "./notebook.ts";
import { noteFile } from "./stop_button.ts";

/** What one check said while a notebook ran. */
export interface RunVerdict {
  /** Id of the cell that checked. */
  readonly cell: string;
  /** The sentence that the check puts to the test. */
  readonly title: string;
  /** Not tried, not yet, or yes. */
  readonly verdict: Verdict;
  /** What is wrong with the answer; empty when it is right. */
  readonly hint: string;
  /** Whether the solution stood in the stub's place. */
  readonly solved: boolean;
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
  /** Left out when every cell ended well. */
  readonly failure?: RunFailure;
}

/** How to run a notebook. */
export interface RunOptions {
  /** A Python that has JupyterLab (and so `jupyter_client`, `nbconvert`). */
  readonly python: string;
  /** Cells to run with another source than the notebook's. */
  readonly replace?: Solutions;
  /** Solutions to try in the same kernel, each after its check has judged the stub. */
  readonly solve?: Solutions;
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
  const child = new Deno.Command(options.python, {
    args: [fileURLToPath(new URL("./run_notebook.py", import.meta.url))],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: { ...options.env, NO_COLOR: "1", PYTHONUTF8: "1", PYTHONDONTWRITEBYTECODE: "1" },
  }).spawn();
  const output = child.output();
  const input = child.stdin.getWriter();
  // At the end of its input it ends, and its kernel with it: no signal does that on Windows.
  const askToEnd = () => void input.close().catch(() => {});
  options.signal?.addEventListener("abort", askToEnd, { once: true });
  const line = `${JSON.stringify(job(path, options))}\n`;
  await input.write(new TextEncoder().encode(line)).catch(() => {}); // its own words say why it ended
  if (options.signal?.aborted) askToEnd();
  const { stdout, stderr } = await output.finally(askToEnd);
  options.signal?.removeEventListener("abort", askToEnd);
  const told = new TextDecoder().decode(stdout).trim().split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Told);
  const failed = told.find((one) => one.error);
  const ended = told.some((one) => one.done);
  const replaced = new Set(Object.keys(options.replace ?? {}));
  const verdicts = told.flatMap((one) =>
    (one.verdicts ?? []).map((verdict) => {
      const cell = one.cell ?? "";
      const solved = verdict.solved || replaced.has(cell.replace(/-check$/, "-code"));
      return { ...verdict, cell, solved };
    })
  );
  const cells = told.filter((one) => one.cell !== undefined && !one.again && !one.error).length;
  const failure = failed !== undefined
    ? await explain(failed)
    : ended
    ? undefined
    : { cell: "", name: "NoKernel", message: lastLine(new TextDecoder().decode(stderr)) };
  return { name, cells, verdicts, ...(failure === undefined ? {} : { failure }) };
}

interface Told {
  readonly cell?: string;
  readonly source?: string;
  readonly error?: { readonly name: string; readonly message: string } | null;
  readonly verdicts?: readonly Omit<RunVerdict, "cell">[];
  readonly done?: boolean;
  /** A cell that ran once more, with the solution. */
  readonly again?: boolean;
}

function job(path: string, options: RunOptions): object {
  return {
    kernel: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    cwd: path.replace(/[/\\]?[^/\\]*$/, "") || ".",
    startup: `await import(${JSON.stringify(new URL("./kernel_start.ts", import.meta.url).href)})`,
    notebook: path,
    replace: options.replace ?? {},
    solve: options.solve ?? {},
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
  const child = new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--ext=ts", "-"],
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
    env: { NO_COLOR: "1" },
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(told.source));
  await writer.close();
  const said = new TextDecoder().decode((await child.output()).stderr);
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

/** What each check must say: *yes* with the solution in place, anything but *yes* to the stub. */
export function verdictFaults(run: NotebookRun): readonly RunFailure[] {
  const wrong = run.verdicts.filter(({ verdict, solved }) => (verdict === "yes") !== solved);
  return wrong.map(({ cell, title, verdict, hint, solved }) => ({
    cell,
    name: solved ? "Check refuses the solution" : "Check accepts the stub",
    message: `"${title}" says ${verdict}${hint === "" ? "" : `: ${hint}`}`,
  }));
}
