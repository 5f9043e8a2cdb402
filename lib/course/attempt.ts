/** What came of an attempt: a value, or an error as a value. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | {
    readonly ok: false;
    readonly name: string;
    readonly message: string;
    readonly error: unknown;
  };

/**
 * Tries something that may fail and gives the error as a value, so that a lesson about errors shows no red wall.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { attempt } from "./attempt.ts";
 * const tried = await attempt(() => JSON.parse("{"));
 * assert.equal(tried.ok, false);
 * assert.equal(tried.ok ? "" : tried.name, "SyntaxError");
 * ```
 */
export async function attempt<T>(work: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    const known = error instanceof Error ? error : new Error(String(error));
    return { ok: false, name: known.name, message: known.message, error };
  }
}
