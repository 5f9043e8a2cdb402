import { sleep } from "./sleep.ts";

/**
 * A condition variable: look at the state, wait, look again.
 *
 * Only a `notify()` that comes after `wait()` was called wakes it, so nothing may be awaited between looking and waiting.
 */
export class Notifier {
  #next = Promise.withResolvers<void>();

  /** Wakes everything that waits now. */
  notify(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers();
  }

  /** Resolves at the next `notify()`, after `ms`, or when `signal` aborts, whichever comes first. */
  async wait(ms?: number, signal?: AbortSignal): Promise<void> {
    const next = this.#next.promise;
    if (ms === undefined && !signal) return await next;
    const woken = new AbortController();
    const ends = signal ? AbortSignal.any([signal, woken.signal]) : woken.signal;
    await Promise.race([next, sleep(ms ?? Infinity, ends)]);
    woken.abort();
  }
}
