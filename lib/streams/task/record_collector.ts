/**
 * The records that a task writes, in order; some may still be in encoding.
 *
 * @module
 */
import type { OutputRecord } from "./records.ts";

/** Collects records until they are taken. */
export class RecordCollector<T = OutputRecord> {
  #records: (T | Promise<T | undefined>)[] = [];
  #pending = 0;

  /** How many wait to be taken. */
  get size(): number {
    return this.#records.length;
  }

  /** Appends one; a promise that gives nothing is left out. */
  add(record: T | Promise<T | undefined>): void {
    if (record instanceof Promise) {
      this.#pending++;
      // The error is thrown when the outputs are taken; until then the rejection counts as handled.
      record.catch(() => {});
    }
    this.#records.push(record);
  }

  /** Takes all of them; a promise only when one is still being encoded. */
  take(): T[] | Promise<T[]> {
    const taken = this.#records;
    const pending = this.#pending;
    this.#records = [];
    this.#pending = 0;
    if (pending === 0) return taken as T[];
    return Promise.all(taken).then((all) => all.filter((one) => one !== undefined));
  }
}
