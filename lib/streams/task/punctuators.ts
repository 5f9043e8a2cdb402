/**
 * Callbacks that fire as time moves on.
 *
 * @module
 */
import type { NumberCell, Schedule, Scheduled } from "../operators/operator.ts";

interface Punctuator {
  readonly everyMs: number;
  readonly callback: (timeMs: number) => void;
  readonly next: NumberCell;
  isCancelled: boolean;
}

/** The punctuators of one task on one clock. */
export class Punctuators {
  #all: Punctuator[] = [];
  #added = 0;

  /** How many there have been. */
  get size(): number {
    return this.#added;
  }

  /** Adds one that fires first at `next`. */
  add(schedule: Schedule, callback: (timeMs: number) => void, next: NumberCell): Scheduled {
    if (!(schedule.everyMs > 0)) {
      throw new RangeError(`Cannot schedule every ${schedule.everyMs} ms: it must be above 0`);
    }
    const added = { everyMs: schedule.everyMs, callback, next, isCancelled: false };
    this.#added++;
    this.#all.push(added);
    return {
      cancel: () => {
        added.isCancelled = true;
        this.#all = this.#all.filter((one) => one !== added);
      },
    };
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
      if (one.isCancelled || timeMs < one.next.value) continue;
      const missed = Math.floor((timeMs - one.next.value) / one.everyMs);
      one.next.value += (missed + 1) * one.everyMs;
      one.callback(timeMs);
      fired = true;
    }
    return fired;
  }
}
