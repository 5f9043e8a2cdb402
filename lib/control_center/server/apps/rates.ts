/** How long a rate looks back. */
const SPAN_MS = 5_000;
/** A rate over less than this would jump. */
const LEAST_MS = 1_000;

/** Counters by name; they only grow. */
export type Totals = ReadonlyMap<string, number>;

/**
 * Rates of counters that are told now and then: nothing told means that nothing changed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { Rates } from "./rates.ts";
 * const rates = new Rates();
 * rates.add(new Map([["rides", 0]]), 0);
 * rates.add(new Map([["rides", 20]]), 1_000);
 * assert.equal(rates.perSecond("rides", 2_000), 10);
 * assert.equal(rates.perSecond("rides", 6_000), 0);
 * ```
 */
export class Rates {
  #samples: { readonly totals: Totals; readonly atMs: number }[] = [];

  /** Takes the counters as they are at one moment. */
  add(totals: Totals, atMs: number): void {
    const first = this.#samples.findLastIndex((one) => one.atMs <= atMs - SPAN_MS);
    this.#samples = [...this.#samples.slice(Math.max(0, first)), { totals, atMs }];
  }

  /** Records a second over the last seconds; 0 for a counter that is not known. */
  perSecond(name: string, nowMs: number): number {
    const base = this.#samples.findLast((one) => one.atMs <= nowMs - SPAN_MS) ?? this.#samples[0];
    const last = this.#samples.at(-1);
    if (!base || !last) return 0;
    const ms = Math.max(LEAST_MS, nowMs - Math.max(base.atMs, nowMs - SPAN_MS));
    return ((last.totals.get(name) ?? 0) - (base.totals.get(name) ?? 0)) * 1_000 / ms;
  }
}
