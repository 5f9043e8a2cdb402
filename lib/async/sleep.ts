/** The longest a timer can run; a longer one would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Resolves after `ms`, or as soon as `signal` aborts. It never rejects: look at the signal afterwards.
 *
 * @param ms `Infinity` waits for the signal alone (about 25 days at most); a negative time does not wait.
 */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
    signal?.addEventListener("abort", end);
  });
}
