import { spawn as nodeSpawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Readable } from "node:stream";

/** How a process ended. */
export interface Exit {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** Null where it ended by itself; always null on Windows. */
  readonly signal: string | null;
}

/** A process in the background that this process has started. */
export interface Child {
  /** The system's number of the process. */
  readonly pid: number;
  /** What it writes; at its end at once where its output was not piped. */
  readonly stdout: ReadableStream<Uint8Array>;
  /** Its errors, in the same way. */
  readonly stderr: ReadableStream<Uint8Array>;
  /** Resolves when the process is gone, even while a child of its own holds its output open. */
  readonly exited: Promise<Exit>;
  /** Writes to its input, where that is piped; resolves when it is taken, also by a child that has ended. */
  write(bytes: Uint8Array): Promise<void>;
  /** Closes its input: the request to end that every system has. */
  closeInput(): void;
  /** Ends it at once, without asking. Does nothing when it has ended. */
  kill(): void;
  /** Lets this process end while the child runs. */
  unref(): void;
}

/** How to start a {@linkcode Child}. */
export interface SpawnOptions {
  /** Given to the program as they are: no shell reads them. */
  readonly args: readonly string[];
  /** Folder it starts in. @default this process's own */
  readonly cwd?: string;
  /** Its whole environment. @default this process's own */
  readonly env?: Readonly<Record<string, string>>;
  /** `piped`: its input ends when this process closes it or is gone, however it went. @default "null" */
  readonly input?: "piped" | "null";
  /**
   * `piped`: both streams must be read, or the child waits once a pipe is full. A file begins empty, takes both streams,
   * and only its owner may read it. @default "null"
   */
  readonly output?: "piped" | "null" | { readonly file: string };
  /** `ours`: its errors go where this process's errors go. @default as `output` */
  readonly errors?: "ours" | "null";
  /** Out of reach of the terminal's Ctrl-C, and outlives this process. @default false */
  readonly detached?: boolean;
}

/**
 * Starts a program without a shell and without a window.
 *
 * `node:child_process`, as `Deno.Command` cannot hide the console window that Windows opens for a program of its own.
 *
 * @throws {Deno.errors.NotFound} If there is no such program.
 */
export async function spawn(command: string, options: SpawnOptions): Promise<Child> {
  const { args, cwd, env, input, output, errors, detached = false } = options;
  const file = typeof output === "object" ? openSync(output.file, "w", 0o600) : undefined;
  const out = output === "piped" ? "pipe" : file ?? "ignore";
  const err = errors === "ours" ? "inherit" : errors === "null" ? "ignore" : out;
  const child = nodeSpawn(command, [...args], {
    stdio: [input === "piped" ? "pipe" : "ignore", out, err],
    windowsHide: true,
    detached,
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env: { ...env } }),
  });
  if (file !== undefined) closeSync(file); // the child has its own
  const exited = new Promise<Exit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  // Its input may break at any time: it has ended, which `exited` tells.
  child.stdin?.on("error", () => {});
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => reject(startError(command, error)));
  });
  child.on("error", () => {});
  return {
    pid: child.pid!,
    stdout: bytesOf(child.stdout),
    stderr: bytesOf(child.stderr),
    exited,
    write: (bytes) => new Promise((taken) => child.stdin?.write(bytes, () => taken()) ?? taken()),
    closeInput: () => void child.stdin?.end(),
    kill: () => void child.kill("SIGKILL"),
    unref: () => child.unref(),
  };
}

function startError(command: string, error: Error & { code?: string }): Error {
  const message = `Cannot start "${command}": ${error.message}`;
  if (error.code === "ENOENT") return new Deno.errors.NotFound(message, { cause: error });
  if (error.code === "EACCES" || error.code === "EPERM") {
    return new Deno.errors.PermissionDenied(message, { cause: error });
  }
  return new Error(message, { cause: error });
}

function bytesOf(stream: Readable | null): ReadableStream<Uint8Array> {
  // Not `Readable.toWeb`: cancelling such a stream fails where nobody can catch it.
  return ReadableStream.from<Uint8Array>(stream ?? []);
}

/**
 * Ends a child: closes its input, waits, and kills it when it has not ended in time. Works the same on every system,
 * as Windows has no signal that a process could answer.
 */
export async function end(child: Child, graceMs: number): Promise<Exit> {
  child.closeInput();
  const timer = setTimeout(() => child.kill(), graceMs);
  try {
    return await child.exited;
  } finally {
    clearTimeout(timer);
  }
}

/** How a program ended and what it said. */
export interface Ended {
  /** True for exit code 0. */
  readonly success: boolean;
  /** What it wrote to stdout. */
  readonly output: string;
  /** What it wrote to stderr. */
  readonly errors: string;
}

/** How to run a program to its end. */
export interface RunOptions extends Pick<SpawnOptions, "cwd" | "env"> {
  /** What it reads. @default nothing */
  readonly input?: string;
}

/** Runs a program to its end, without a window; undefined when there is no such program. Reads nothing from the terminal. */
export async function run(
  command: string,
  args: readonly string[],
  { input, ...options }: RunOptions = {},
): Promise<Ended | undefined> {
  let child: Child;
  try {
    child = await spawn(command, {
      ...options,
      args,
      output: "piped",
      ...(input !== undefined && { input: "piped" }),
    });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.PermissionDenied) return undefined;
    throw error;
  }
  if (input !== undefined) {
    void child.write(new TextEncoder().encode(input)).then(() => child.closeInput());
  }
  const [output, errors, { code }] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    child.exited,
  ]);
  return { success: code === 0, output, errors };
}

/** All that a stream of a child holds, as text. */
export function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  return new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).text();
}
