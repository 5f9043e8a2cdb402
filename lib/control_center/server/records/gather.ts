import type { RawRecord } from "../../../kafka/mod.ts";
import type { Gap } from "../../contract.ts";

/** What is handed to a page at once. */
export interface Gathered {
  readonly records: readonly RawRecord[];
  readonly gaps: readonly Gap[];
}

/**
 * Keeps the newest records of a burst and counts the others, so that a page stays calm and its numbers stay right.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Gatherer } from "./gather.ts";
 * const gatherer = new Gatherer(1);
 * const at = (offset: number) =>
 *   ({ topic: "t", partition: 0, offset, timestamp: 0, key: null, value: null, headers: [] });
 * for (const offset of [5, 6, 7]) gatherer.add(at(offset));
 * const { records, gaps } = gatherer.take();
 * assert.deepEqual([records[0]?.offset, gaps], [7, [{ partition: 0, from: 5, to: 6, count: 2 }]]);
 * ```
 */
export class Gatherer {
  readonly #most: number;
  #records: RawRecord[] = [];
  #gaps = new Map<number, { from: number; to: number; count: number }>();
  #first = 0;

  /** @param most Records that {@link take} gives at once. */
  constructor(most: number) {
    this.#most = most;
  }

  get isEmpty(): boolean {
    return this.#records.length === 0 && this.#gaps.size === 0;
  }

  add(record: RawRecord): void {
    this.#records.push(record);
    if (this.#records.length - this.#first <= this.#most) return;
    this.#pass(this.#records[this.#first++]!);
    // Taking from the front one by one would move the whole array each time.
    if (this.#first > 1_000) {
      this.#records = this.#records.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Returns what has gathered, and empties it. */
  take(): Gathered {
    const records = this.#records.slice(this.#first);
    const gaps = [...this.#gaps].map(([partition, gap]) => ({ partition, ...gap }));
    this.#records = [];
    this.#first = 0;
    this.#gaps.clear();
    return { records, gaps };
  }

  #pass({ partition, offset }: RawRecord): void {
    const gap = this.#gaps.get(partition);
    if (gap === undefined) this.#gaps.set(partition, { from: offset, to: offset, count: 1 });
    else {
      gap.to = offset;
      gap.count++;
    }
  }
}
