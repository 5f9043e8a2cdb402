/**
 * Ctrl-C and other requests to end as an `AbortSignal`, for tasks that end properly: commit, leave the group, print totals.
 *
 * @module
 */

import { here, type SystemName } from "../lib/platform/mod.ts";

/** A signal that tells a task to end, and the exit code it ends with then. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Resolves when it is told to end, be that before anybody waits. */
  readonly told: Promise<void>;
  /** 0 when it ended by itself, otherwise 128 and the signal's number: 130 after Ctrl-C, 143 after SIGTERM. */
  exitCode(): number;
}

/** A signal that asks to end, and the exit code after it. */
export type EndSignal = readonly [name: Deno.Signal, exitCode: number];

/**
 * What asks a task to end. Windows has no SIGTERM; there Ctrl-Break is SIGBREAK, and a closed window SIGHUP, after which
 * a process has five seconds. Elsewhere a closed terminal ends a task at once, unless `nohup` forbade it.
 */
export function endSignals(os: SystemName = here.os): readonly EndSignal[] {
  if (os === "windows") return [["SIGINT", 130], ["SIGBREAK", 149], ["SIGHUP", 129]];
  return [["SIGINT", 130], ["SIGTERM", 143]];
}

/** Listens from now on; a second Ctrl-C ends the process at once. */
export function stopOnSignals(): Stop {
  const controller = new AbortController(), told = Promise.withResolvers<void>();
  let exitCode = 0;
  for (const [name, code] of endSignals()) {
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) Deno.exit(code);
      exitCode = code;
      controller.abort();
      told.resolve();
    });
  }
  return { signal: controller.signal, told: told.promise, exitCode: () => exitCode };
}
