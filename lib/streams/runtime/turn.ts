/**
 * Taking turns: processing, commits and rebalances never run at the same time.
 *
 * @module
 */

/**
 * Lets one piece of work run at a time, in the order they came.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Turn } from "./turn.ts";
 * const turn = new Turn(), order: number[] = [];
 * const first = turn.take(async () => {
 *   await Promise.resolve();
 *   order.push(1);
 * });
 * await Promise.all([first, turn.take(() => void order.push(2))]);
 * assert.deepEqual(order, [1, 2]);
 * ```
 */
export class Turn {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when everything before it has ended, well or badly. */
  take<T>(work: () => T | Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine;
    return mine;
  }
}
