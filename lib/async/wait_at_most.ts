import { sleep } from "./sleep.ts";

/**
 * Waits until `work` has ended, well or badly, but not longer than `ms`. The work itself goes on.
 *
 * @example
 * ```ts
 * import { waitAtMost } from "./wait_at_most.ts";
 * await waitAtMost(new Promise(() => {}), 1);
 * await waitAtMost(Promise.reject(new Error("failed")), 60_000);
 * ```
 */
export async function waitAtMost(work: Promise<unknown>, ms: number): Promise<void> {
  const over = new AbortController();
  await Promise.race([work.catch(() => {}), sleep(ms, over.signal)]);
  over.abort();
}
