import { sleep } from "../../async/mod.ts";

/** Sends heartbeats while `work` goes on; the last may still be under way when it resolves. */
export async function keepAlive(
  work: Promise<void>,
  options: {
    /** Errors are left to the next heartbeat after the work. */
    readonly heartbeat: () => Promise<unknown>;
    readonly everyMs: number;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const over = new AbortController();
  const signal = AbortSignal.any([over.signal, options.signal]);
  void (async () => {
    for (;;) {
      await sleep(options.everyMs, signal);
      if (signal.aborted) return;
      await options.heartbeat().catch(() => {});
    }
  })();
  try {
    await work;
  } finally {
    over.abort();
  }
}
