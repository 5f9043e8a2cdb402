/**
 * Waiting, taking turns and trying again: the small parts that every room would otherwise write for itself.
 *
 * @example A loop that sleeps until there is work, and ends when it is told to
 * ```ts
 * import assert from "node:assert/strict";
 * import { Notifier, sleep } from "lib/async/mod.ts";
 *
 * const queue: number[] = [], arrived = new Notifier();
 * const consumed = (async () => {
 *   while (queue.length === 0) await arrived.wait();
 *   return queue.shift();
 * })();
 * await sleep(1);
 * queue.push(7);
 * arrived.notify();
 * assert.equal(await consumed, 7);
 * ```
 *
 * @module
 */
export { abortable } from "./abortable.ts";
export { bodyText, LongAnswerError } from "./body_text.ts";
export { deadline } from "./deadline.ts";
export { Mutex } from "./mutex.ts";
export { Notifier } from "./notifier.ts";
export { backoffMs, type BackoffOptions, retry, type RetryOptions } from "./retry.ts";
export { sleep } from "./sleep.ts";
export { waitAtMost } from "./wait_at_most.ts";
