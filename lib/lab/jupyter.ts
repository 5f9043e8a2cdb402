import { fileURLToPath, pathToFileURL } from "node:url";
import { type Child, end, here, type Platform } from "../platform/mod.ts";
import { type ServerChoices, serverEnvironment } from "./jupyter_files.ts";
import { type LabPlaces, labPlaces } from "./places.ts";
import { prepareFiles } from "./prepare.ts";
import { pythonOf, type SetUpOptions } from "./python.ts";

/** How to start JupyterLab. */
export interface LabOptions extends SetUpOptions {
  /** Loopback port; must be free. */
  readonly port: number;
  /** Address to listen on, for containers: it is then up to them who reaches it. @default "127.0.0.1" */
  readonly listen?: string;
  /** Where a proxy hands JupyterLab on, path and all: it then answers under that name, too. @default nowhere */
  readonly publicUrl?: URL | null;
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
    ...(options.listen !== undefined && { listen: options.listen }),
    publicUrl: options.publicUrl ?? null,
  };
  await prepareFiles(choices);
  const lab = await run(python, choices, { ...here.env.toObject(), ...options.env });
  try {
    await untilItAnswers(lab, choices);
  } catch (error) {
    await lab.stop();
    throw error;
  }
  return lab;
}

type Environment = Readonly<Record<string, string>>;

async function run(python: string, choices: ServerChoices, inherited: Environment): Promise<Lab> {
  const { places, port, publicUrl } = choices;
  // Not "localhost": a browser tries [::1] first, where another user of this machine could wait for the token.
  const base = publicUrl ?? `http://127.0.0.1:${port}/`;
  const child = await startServer(python, { choices, inherited });
  let stopping: Promise<void> | undefined;
  return {
    url: `${base}lab/tree/${choices.notebook}?token=${choices.token}`,
    port,
    pid: child.pid,
    ended: child.exited.then(() => {}),
    browse: () => browse(python, places.runtime),
    stop: () => stopping ??= end(child, STOP_TIMEOUT_MS).then(() => {}),
  };
}

/**
 * Starts JupyterLab's process.
 *
 * Ctrl-C in the terminal must reach the process that asks only, which then ends JupyterLab. On Windows a process without
 * a window has a console of its own for that; a detached one has none, and each kernel would open a window.
 */
export function startServer(
  python: string,
  { choices, inherited, platform = here }: {
    readonly choices: ServerChoices;
    readonly inherited: Environment;
    readonly platform?: Platform;
  },
): Promise<Child> {
  const { root, log } = choices.places;
  return platform.spawn(python, {
    args: ["-s", START],
    cwd: root,
    env: serverEnvironment(choices, inherited, platform),
    input: "piped", // its end tells JupyterLab that this process is gone
    output: { file: log },
    detached: platform.os !== "windows",
  });
}

/** Jupyter's own page sends the browser on: the token stands on no command line. */
async function browse(python: string, runtime: string): Promise<void> {
  const page = await openPage(runtime);
  if (page === null) return;
  await here.run(python, ["-m", "webbrowser", "-t", pathToFileURL(page).href]);
}

/**
 * The page that the server of this start has written; null where there is none. It is named after the server's process,
 * which is a child of ours on Windows: there a virtual environment's Python only starts the real one.
 */
export async function openPage(runtime: string): Promise<string | null> {
  let newest: { readonly path: string; readonly writtenMs: number } | null = null;
  for await (const { name } of Deno.readDir(runtime)) {
    if (!/^jpserver-\d+-open\.html$/.test(name)) continue;
    const path = `${runtime}/${name}`;
    const writtenMs = (await Deno.stat(path)).mtime?.getTime() ?? 0;
    if (newest === null || writtenMs > newest.writtenMs) newest = { path, writtenMs };
  }
  return newest?.path ?? null;
}

async function untilItAnswers(lab: Lab, choices: ServerChoices): Promise<void> {
  const { places, token, publicUrl } = choices;
  let alive = true;
  lab.ended.then(() => alive = false);
  const deadline = performance.now() + READY_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (!alive) break;
    if (await hasPort(places.runtime, token) && await answers(lab.port, publicUrl?.pathname)) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const why = alive ? "it does not answer" : await lastWords(places.log);
  throw new Error(`Cannot start JupyterLab: ${why} (its log is ${places.log})`);
}

/**
 * Whether the server with this token has its port: it notes itself here then. Before that, whoever took the port
 * meanwhile may answer in its place.
 */
export async function hasPort(runtime: string, token: string): Promise<boolean> {
  for await (const { name } of Deno.readDir(runtime)) {
    if (!/^jpserver-\d+\.json$/.test(name)) continue;
    const note = await Deno.readTextFile(`${runtime}/${name}`).catch(() => "");
    if (note.includes(`"${token}"`)) return true;
  }
  return false;
}

async function answers(port: number, base = "/"): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}${base}api`, {
    signal: AbortSignal.timeout(1_000),
  }).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok === true;
}

/** The last line of the log that is not empty. */
async function lastWords(path: string): Promise<string> {
  const lines = (await Deno.readTextFile(path).catch(() => "")).split("\n");
  return lines.map((line) => line.trim()).findLast((line) => line !== "") ?? "it ended at once";
}
