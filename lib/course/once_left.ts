import { stoppable } from "./stop_button.ts";

/** Longer than a session: who has not left by then is alive. */
const PATIENCE_MS = 10_000;

/**
 * Does something to a group that must be empty, and waits for members that have died.
 *
 * A kernel that is restarted cannot say goodbye: Kafka counts its members in until their session is over, six seconds.
 *
 * @param work Fails with the code `NON_EMPTY_GROUP` while somebody is in the group.
 * @param options.patienceMs @default 10_000
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { onceLeft } from "./once_left.ts";
 * let tries = 0;
 * const emptied = await onceLeft(() => {
 *   if (++tries < 3) throw Object.assign(new Error("members"), { code: "NON_EMPTY_GROUP" });
 *   return Promise.resolve("emptied");
 * });
 * assert.deepEqual([emptied, tries], ["emptied", 3]);
 * ```
 * @throws {Error} What `work` throws when it goes on throwing that, and anything else at once.
 */
export async function onceLeft<T>(
  work: () => Promise<T>,
  { patienceMs = PATIENCE_MS }: { readonly patienceMs?: number } = {},
): Promise<T> {
  for (const deadlineMs = Date.now() + patienceMs;;) {
    try {
      return await work();
    } catch (error) {
      const occupied = (error as { readonly code?: unknown }).code === "NON_EMPTY_GROUP";
      if (!occupied || Date.now() > deadlineMs) throw error;
    }
    await stoppable(new Promise((resolve) => setTimeout(resolve, 200)));
  }
}
