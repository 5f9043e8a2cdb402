import { fileURLToPath, pathToFileURL } from "node:url";
import { type ServerChoices, serverEnvironment } from "./jupyter_files.ts";
import { type LabPlaces, labPlaces } from "./places.ts";
import { prepareFiles } from "./prepare.ts";
import { pythonOf, type SetUpOptions } from "./python.ts";

/** How to start JupyterLab. */
export interface LabOptions extends SetUpOptions {
  /** Loopback port; must be free. */
  readonly port: number;
  /** Path of the notebook to open, from the checkout. @default "notebooks/00_start_here.ipynb" */
  readonly notebook?: string;
  /** Where the lab keeps its files. @default labPlaces() */
  readonly places?: LabPlaces;
  /** What kernels and terminals find in their environment besides this process's own. @default {} */
  readonly env?: Readonly<Record<string, string>>;
}

/** A JupyterLab that answers. */
export interface Lab {
  /** Address with the token: whoever has it can run code here. */
  readonly url: string;
  /** The one it was asked to listen on, on this machine only. */
  readonly port: number;
  /** Of the JupyterLab server; its kernels are its children. */
  readonly pid: number;
  /** Resolves when JupyterLab has ended, by {@linkcode Lab.stop} or by itself. */
  readonly ended: Promise<void>;
  /** Opens the learner's browser on {@linkcode Lab.url}; does nothing where there is none. */
  browse(): Promise<void>;
  /** Ends JupyterLab and its kernels; safe twice. */
  stop(): Promise<void>;
}

const START = fileURLToPath(new URL("./server/start.py", import.meta.url));
const READY_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 10_000;

/**
 * Sets JupyterLab up where needed, starts it, and waits until it answers. Starts no cluster.
 *
 * It ends with the process that started it, even when that one is killed.
 *
 * @throws {Error} If Python cannot be set up, or JupyterLab ends before it answers.
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const python = await pythonOf(options);
  const choices: ServerChoices = {
    places: options.places ?? labPlaces(),
    deno: Deno.execPath(),
    port: options.port,
    token: crypto.randomUUID().replaceAll("-", ""),
    notebook: options.notebook ?? "notebooks/00_start_here.ipynb",
  };
  await prepareFiles(choices);
  const lab = run(python, choices, { ...Deno.env.toObject(), ...options.env });
  try {
    await untilItAnswers(lab, choices);
  } catch (error) {
    await lab.stop();
    throw error;
  }
  return lab;
}

type Environment = Readonly<Record<string, string>>;

function run(python: string, choices: ServerChoices, inherited: Environment): Lab {
  const { places, port } = choices;
  const child = new Deno.Command(python, {
    args: ["-s", START],
    cwd: places.root,
    env: serverEnvironment(choices, inherited),
    clearEnv: true,
    stdin: "piped", // its end tells JupyterLab that this process is gone
    stdout: "piped",
    stderr: "piped",
    detached: true, // Ctrl-C in the terminal reaches this process only, which then ends JupyterLab
  }).spawn();
  const log = keepLog(places.log, [child.stdout, child.stderr]);
  const ended = child.status.then(() => log);
  let stopping: Promise<void> | undefined;
  return {
    url: `http://localhost:${port}/lab/tree/${choices.notebook}?token=${choices.token}`,
    port,
    pid: child.pid,
    ended,
    browse: () => browse(python, `${places.runtime}/jpserver-${child.pid}-open.html`),
    stop: () => stopping ??= stop(child, ended),
  };
}

/** Jupyter's own page sends the browser on: the token stands on no command line. */
async function browse(python: string, page: string): Promise<void> {
  await new Deno.Command(python, {
    args: ["-m", "webbrowser", "-t", pathToFileURL(page).href],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).output();
}

async function stop(child: Deno.ChildProcess, ended: Promise<void>): Promise<void> {
  await child.stdin.close().catch(() => {});
  const patience = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(patience);
}

/** Writes both streams to one file that only its owner can read. */
async function keepLog(path: string, streams: ReadableStream<Uint8Array>[]): Promise<void> {
  using file = await Deno.open(path, { create: true, write: true, truncate: true, mode: 0o600 });
  await Promise.all(streams.map(async (stream) => {
    for await (const chunk of stream) await file.write(chunk);
  }));
}

async function untilItAnswers(lab: Lab, { places }: ServerChoices): Promise<void> {
  let alive = true;
  lab.ended.then(() => alive = false);
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (!alive) break;
    const answer = await fetch(`http://127.0.0.1:${lab.port}/api`, {
      signal: AbortSignal.timeout(1_000),
    }).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const why = alive ? "it does not answer" : await lastWords(places.log);
  throw new Error(`Cannot start JupyterLab: ${why} (its log is ${places.log})`);
}

/** The last line of the log that is not empty. */
async function lastWords(path: string): Promise<string> {
  const lines = (await Deno.readTextFile(path).catch(() => "")).split("\n");
  return lines.map((line) => line.trim()).findLast((line) => line !== "") ?? "it ended at once";
}
