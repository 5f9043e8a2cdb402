import { sleep } from "./sleep.ts";

/** How long to wait between attempts. */
export interface BackoffOptions {
  /** Before the second attempt. @default 100 */
  readonly minMs?: number;
  /** Longest wait. @default 1_000 */
  readonly maxMs?: number;
  /** By how much each wait is longer than the one before. @default 2 */
  readonly factor?: number;
}

/** When {@link retry} goes on and when it ends. */
export interface RetryOptions extends BackoffOptions {
  /** Whether another attempt may help. @default always */
  readonly shouldRetry?: (error: unknown) => boolean;
  /** No attempt begins after so long. @default Infinity */
  readonly timeoutMs?: number;
  /** No attempt begins after it aborted. */
  readonly signal?: AbortSignal;
}

/**
 * The wait after so many failed attempts: with the defaults 100, 200, 400, 800 and then 1,000 ms.
 *
 * @param failures At least 1.
 */
export function backoffMs(failures: number, options: BackoffOptions = {}): number {
  const { minMs = 100, maxMs = 1_000, factor = 2 } = options;
  return Math.min(minMs * factor ** (failures - 1), maxMs);
}

/**
 * Tries until it works; the last error is thrown when it never does.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { retry } from "./retry.ts";
 * let attempts = 0;
 * const found = await retry(() => {
 *   if (++attempts < 3) throw new Error("not yet");
 *   return attempts;
 * }, { minMs: 1 });
 * assert.equal(found, 3);
 * ```
 */
export async function retry<T>(
  attempt: () => T | Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { shouldRetry = () => true, timeoutMs = Infinity, signal } = options;
  const untilMs = Date.now() + timeoutMs;
  for (let failures = 1;; failures++) {
    try {
      return await attempt();
    } catch (error) {
      if (!shouldRetry(error) || Date.now() > untilMs || signal?.aborted) throw error;
    }
    await sleep(backoffMs(failures, options), signal);
  }
}
