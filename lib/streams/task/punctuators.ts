/**
 * Callbacks that fire as time moves on.
 *
 * @module
 */
import type { NumberCell, Schedule } from "../operators/operator.ts";

interface Punctuator {
  readonly everyMs: number;
  readonly callback: (timeMs: number) => void;
  readonly next: NumberCell;
}

/** The punctuators of one task on one clock. */
export class Punctuators {
  readonly #all: Punctuator[] = [];

  /** How many there are. */
  get size(): number {
    return this.#all.length;
  }

  /** Adds one that fires first at `next`. */
  add(schedule: Schedule, callback: (timeMs: number) => void, next: NumberCell): void {
    if (!(schedule.everyMs > 0)) {
      throw new RangeError(`Cannot schedule every ${schedule.everyMs} ms: it must be above 0`);
    }
    this.#all.push({ everyMs: schedule.everyMs, callback, next });
  }

  /**
   * Fires what is due, each once: intervals that were missed are skipped.
   *
   * See: Kafka Streams' `PunctuationSchedule.next`
   * @returns Whether any fired
   */
  fire(timeMs: number): boolean {
    let fired = false;
    for (const one of this.#all) {
      if (timeMs < one.next.value) continue;
      const missed = Math.floor((timeMs - one.next.value) / one.everyMs);
      one.next.value += (missed + 1) * one.everyMs;
      one.callback(timeMs);
      fired = true;
    }
    return fired;
  }
}
