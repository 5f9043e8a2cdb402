import type { TaxiRide } from "./ride.ts";

/**
 * Tells for each ride how far its pickup lies behind the latest pickup read before it.
 *
 * That latest pickup is stream time. A ride that is late by more than the grace of its window is
 * dropped, so these numbers say what a grace would cost.
 *
 * @example The second ride began a minute before the first
 * ```ts
 * import assert from "node:assert/strict";
 * import { latenessMs } from "./lateness.ts";
 * const pickups = [60_000, 0, 90_000].map((ms) => ({ tpep_pickup_datetime: ms }));
 * assert.deepEqual(latenessMs(pickups), [0, 60_000, 0]);
 * ```
 * @param rides In the order of the file, or of the topic's partition.
 * @returns Ms, 0 where the ride is the newest so far; in the order of the rides.
 */
export function latenessMs(rides: Iterable<Pick<TaxiRide, "tpep_pickup_datetime">>): number[] {
  let streamTimeMs = -Infinity;
  const late: number[] = [];
  for (const { tpep_pickup_datetime: pickupMs } of rides) {
    streamTimeMs = Math.max(streamTimeMs, pickupMs);
    late.push(streamTimeMs - pickupMs);
  }
  return late;
}
