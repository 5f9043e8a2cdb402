/** How to pace. */
export interface PaceOptions {
  /** Ends the sequence quietly, also in the middle of a wait. */
  readonly signal?: AbortSignal;
  /** Time and waiting; a test passes its own. @default the system's */
  readonly clock?: PaceClock;
}

/** A clock that can be waited on. */
export interface PaceClock {
  /** Now, in ms since any moment. */
  nowMs(): number;
  /** Resolves after `waitMs`, or at once when the signal aborts. */
  wait(waitMs: number, signal?: AbortSignal): Promise<void>;
}

/** How far behind its plan a paced sequence may try to catch up: a laptop that slept sends no flood. */
const CATCH_UP_MS = 1_000;

/**
 * Hands on items at a steady rate: item n at `start + n / ratePerSecond`, so that waits that came out
 * a little long do not add up.
 *
 * @example Three items, as fast as they come
 * ```ts
 * import assert from "node:assert/strict";
 * import { pace } from "./pace.ts";
 * assert.deepEqual(await Array.fromAsync(pace([1, 2, 3], Infinity)), [1, 2, 3]);
 * ```
 * @param items What to hand on; it is read one item ahead of time at most.
 * @param ratePerSecond Above 0; `Infinity` waits for nothing.
 * @throws {RangeError} If the rate is not above 0.
 */
export async function* pace<T>(
  items: Iterable<T> | AsyncIterable<T>,
  ratePerSecond: number,
  { signal, clock = SYSTEM_CLOCK }: PaceOptions = {},
): AsyncGenerator<T> {
  if (!(ratePerSecond > 0)) {
    throw new RangeError(
      `Cannot pace at ${ratePerSecond} a second: a rate is above 0 (Infinity for no wait)`,
    );
  }
  const gapMs = 1_000 / ratePerSecond;
  let dueMs: number | undefined;
  for await (const item of items) {
    const nowMs = clock.nowMs();
    dueMs = Math.max(dueMs ?? nowMs, nowMs - CATCH_UP_MS);
    if (gapMs > 0 && dueMs > nowMs) await clock.wait(dueMs - nowMs, signal);
    if (signal?.aborted) return;
    yield item;
    dueMs += gapMs;
  }
}

const SYSTEM_CLOCK: PaceClock = {
  nowMs: () => performance.now(),
  wait: (waitMs, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const end = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", end);
        resolve();
      };
      const timer = setTimeout(end, waitMs);
      signal?.addEventListener("abort", end);
    }),
};
