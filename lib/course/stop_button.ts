/**
 * What the stop button ■ does in a kernel: it ends what the cell awaits, and the kernel lives.
 *
 * ■ sends SIGINT, which kills a Deno process that does not listen, and leaves a file on Windows, which has no such
 * signal. This module listens, aborts one signal that every wait of the course obeys, prints errors that nobody caught,
 * and starts a watchdog for loops that never yield. It imports nothing heavy: it runs when a kernel starts, before the
 * first cell.
 *
 * @module
 */
import { type Environment, folders } from "../settings/mod.ts";
import type { WatchdogStart } from "./watchdog.ts";

/** What a stopped wait rejects with. */
export class Stopped extends Error {
  /** The word before the message wherever the error is printed. */
  override name = "Stopped";

  /** Always the same message, with a stack of one line. */
  constructor() {
    super("Stopped by you (■): the kernel and everything you defined is still there");
    // A stack through the runtime's signal loop helps no learner.
    this.stack = `${this.name}: ${this.message}`;
  }
}

interface Button {
  controller: AbortController;
  /** Resolves when the watchdog listens, about half a second after the start. */
  readonly watched: PromiseWithResolvers<void>;
}

const GLOBAL = globalThis as unknown as Record<symbol, unknown>;
const INSTALLED = Symbol.for("taxi-streams.stop-button");
const LISTENING = Symbol.for("taxi-streams.stop-button-listens");

/** The one button of this process, even if this module is loaded twice. */
function button(): Button {
  return (GLOBAL[INSTALLED] ??= {
    controller: new AbortController(),
    watched: Promise.withResolvers<void>(),
  }) as Button;
}

/** The signal of the cell that runs now; ■ aborts it with a {@linkcode Stopped}, and the next cell has a new one. */
export function stopSignal(): AbortSignal {
  return button().controller.signal;
}

/** Does what ■ does, for a test or a helper that wants to stop the cell. */
export function pressStop(): void {
  const pressed = button().controller;
  button().controller = new AbortController();
  pressed.abort(new Stopped());
}

/**
 * Waits for a promise, but no longer than until ■ is pressed.
 *
 * The work behind the promise goes on unless it obeys a signal itself; the cell ends.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pressStop, stoppable } from "./stop_button.ts";
 * const forever = stoppable(new Promise<never>(() => {}));
 * pressStop();
 * await assert.rejects(forever, { name: "Stopped" });
 * ```
 * @param signal Another signal to obey. @default the one of ■
 */
export async function stoppable<T>(
  promise: Promise<T> | T,
  signal: AbortSignal = stopSignal(),
): Promise<T> {
  signal.throwIfAborted();
  const stop = Promise.withResolvers<never>();
  const onAbort = () => stop.reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, stop.promise]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

/** Where the watchdog leaves its word before it ends the kernel `pid`; JupyterLab shows it in the cell. */
export function noteFile(pid: number | string = Deno.pid, env: Environment = Deno.env): string {
  return `${folders(env).state}/kernels/${pid}.note`;
}

/** Where JupyterLab presses ■ in a kernel that no signal reaches: this file appears. `server/kernels.py` names it, too. */
export function stopFile(pid: number = Deno.pid, env: Environment = Deno.env): string {
  return `${folders(env).state}/kernels/${pid}.stop`;
}

/** How ■ reaches this process, as `serverEnvironment()` of `lib/lab` decides. */
const BY_FILE = Deno.env.get("TAXI_STOP_BY") === "file";

/**
 * Listens for ■ and for errors that nobody caught, and starts the watchdog. A second call does nothing.
 *
 * @param options.endWithParent Whether this process ends when the one that started it is gone. @default false
 */
export function installStopButton({ endWithParent = false } = {}): void {
  if (GLOBAL[LISTENING]) return;
  GLOBAL[LISTENING] = true;
  if (!BY_FILE) Deno.addSignalListener("SIGINT", pressStop);
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    sayUnhandled(event.reason);
  });
  addEventListener("error", (event) => {
    event.preventDefault();
    sayUnhandled(event.error ?? event.message);
  });
  startWatchdog(endWithParent);
}

/** Resolves when the watchdog listens: a loop that starts later can be ended by ■. */
export function watchdogReady(): Promise<void> {
  return button().watched.promise;
}

/** What a headless run looks for in a cell's stderr. */
export const UNHANDLED = "✗ Nobody caught this error:";

function sayUnhandled(reason: unknown): void {
  // A wait that ■ ended is no fault, even when its promise was not awaited.
  if (reason instanceof Stopped) return;
  const said = reason instanceof Error ? `${reason.name}: ${reason.message}` : Deno.inspect(reason);
  console.error(`${UNHANDLED} ${said}`);
}

/** The worker hears ■ even while the main thread is in a loop; an answer proves that the thread yields. */
function startWatchdog(endWithParent: boolean): void {
  const beat = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL("./watchdog.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }) => {
    Atomics.store(beat, 0, data);
    if (data === 0) button().watched.resolve();
    else if (BY_FILE) pressStop();
  };
  worker.onerror = (event) => event.preventDefault();
  worker.postMessage(
    {
      beat: beat.buffer,
      note: noteFile(),
      stop: BY_FILE ? stopFile() : null,
      parent: endWithParent ? Deno.ppid : null,
    } satisfies WatchdogStart,
  );
}
