/**
 * Ctrl-C and SIGTERM as an `AbortSignal`, for tasks that end properly: commit, leave the group, print totals.
 *
 * @module
 */

/** A signal that tells a task to end, and the exit code it ends with then. */
export interface Stop {
  readonly signal: AbortSignal;
  /** Resolves when it is told to end, be that before anybody waits. */
  readonly told: Promise<void>;
  /** 0 when it ended by itself, 130 after Ctrl-C, 143 after SIGTERM. */
  exitCode(): number;
}

/** Listens from now on; a second Ctrl-C ends the process at once. */
export function stopOnSignals(): Stop {
  const controller = new AbortController(), told = Promise.withResolvers<void>();
  let exitCode = 0;
  const listen = (name: Deno.Signal, code: number) =>
    Deno.addSignalListener(name, () => {
      if (controller.signal.aborted) Deno.exit(code);
      exitCode = code;
      controller.abort();
      told.resolve();
    });
  listen("SIGINT", 130);
  if (Deno.build.os !== "windows") listen("SIGTERM", 143);
  return { signal: controller.signal, told: told.promise, exitCode: () => exitCode };
}
