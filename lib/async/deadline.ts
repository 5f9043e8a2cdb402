/**
 * Resolves as `work` does, or rejects with `error()` when it takes longer than `ms`. The work itself goes on.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { deadline } from "./deadline.ts";
 * assert.equal(await deadline(Promise.resolve(1), 1_000, () => new Error("too late")), 1);
 * await assert.rejects(deadline(new Promise(() => {}), 1, () => new Error("too late")), /too late/);
 * ```
 */
export async function deadline<T>(work: Promise<T>, ms: number, error: () => Error): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(error()), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
