/**
 * Runs one piece of work at a time, in the order in which they came.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Mutex } from "./mutex.ts";
 * const mutex = new Mutex(), order: number[] = [];
 * const first = mutex.run(async () => {
 *   await Promise.resolve();
 *   order.push(1);
 * });
 * await Promise.all([first, mutex.run(() => void order.push(2))]);
 * assert.deepEqual(order, [1, 2]);
 * ```
 */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs `work` when everything before it has ended, well or badly. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    const mine = this.#last.then(work, work);
    this.#last = mine;
    return mine;
  }
}
