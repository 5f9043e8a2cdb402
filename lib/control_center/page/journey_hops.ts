import type { JourneyPart, JourneyRecord } from "../contract.ts";

/** A step from a topic to a later one: applications pass on the time of what they have read. */
export interface Hop {
  /** Number of the topic, and of the record in it. */
  readonly from: readonly [step: number, record: number];
  readonly to: readonly [step: number, record: number];
  /** From one to the other, as the server saw them; null for what was there before it looked. */
  readonly delayMs: number | null;
}

/**
 * Which records of a key belong together: those of one time, or one value, from each topic to the next that has one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { JourneyPart } from "../contract.ts";
 * import { hops } from "./journey_hops.ts";
 * const step = (topic: string, seenMs: number) =>
 *   ({ topic, partitions: null, records: [{ partition: 0, offset: 3, timestamp: 7, seenMs, value: { text: "" } }] });
 * const steps = [step("in", 100), { ...step("other", 0), records: [] }, step("out", 130)];
 * const part = { isRead: true, steps } as unknown as JourneyPart;
 * assert.deepEqual(hops(part), [{ from: [0, 0], to: [2, 0], delayMs: 30 }]);
 * ```
 */
export function hops({ steps }: JourneyPart): readonly Hop[] {
  return steps.flatMap(({ records }, step) =>
    records.flatMap((record, nth): Hop[] => {
      for (let before = step - 1; before >= 0; before--) {
        const at = steps[before]!.records.findLastIndex((one) =>
          isSame(one, record) && !isLater(one, record)
        );
        if (at < 0) continue;
        const { seenMs } = steps[before]!.records[at]!;
        const delayMs = seenMs === null || record.seenMs === null ? null : record.seenMs - seenMs;
        return [{ from: [before, at], to: [step, nth], delayMs }];
      }
      return [];
    })
  );
}

/** Of one time; or of one value, where an application has found another time in it. */
const isSame = (a: JourneyRecord, b: JourneyRecord) =>
  a.timestamp === b.timestamp ||
  (a.value.text.length >= TELLING && a.value.text === b.value.text);

/** Shorter values, such as counts, are the same by chance. */
const TELLING = 16;

/** Nothing comes out before it went in. */
const isLater = (a: JourneyRecord, b: JourneyRecord) =>
  a.seenMs !== null && b.seenMs !== null && a.seenMs > b.seenMs;
