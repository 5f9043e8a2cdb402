/**
 * Waiting for something, but not for ever.
 *
 * @module
 */

/**
 * Resolves as `work` does, or rejects when it takes longer than so many milliseconds.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { within } from "./deadline.ts";
 * await within(1_000, Promise.resolve(), () => new Error("too late"));
 * await assert.rejects(within(1, new Promise(() => {}), () => new Error("too late")), /too late/);
 * ```
 */
export async function within<T>(ms: number, work: Promise<T>, error: () => Error): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(error()), ms);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
