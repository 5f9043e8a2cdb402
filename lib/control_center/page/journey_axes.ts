/** From when to when a row goes, Unix epoch ms. */
export interface Axis {
  readonly first: number;
  readonly last: number;
}

/** Rows further apart than this have axes of their own. */
const HOUR_MS = 3_600_000;

/**
 * The axis of each row: rows whose times are near each other share one.
 *
 * An application may take other times from its records than those at which they were written, such as those of a ride
 * years ago: on one axis, each row would be a single dot.
 *
 * @param times Of each row.
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { axesOf } from "./journey_axes.ts";
 * const year = 31_536_000_000;
 * assert.deepEqual(axesOf([[year, year + 5], [10, 30], [], [20, 50]]), [
 *   { first: year, last: year + 5 },
 *   { first: 10, last: 50 },
 *   null,
 *   { first: 10, last: 50 },
 * ]);
 * ```
 */
export function axesOf(times: readonly (readonly number[])[]): readonly (Axis | null)[] {
  const rows = times.map((row) =>
    row.length === 0 ? null : { first: Math.min(...row), last: Math.max(...row) }
  );
  const axes: Axis[] = [];
  for (const row of rows.filter((one) => one !== null).sort((a, b) => a.first - b.first)) {
    const near = axes.at(-1);
    if (!near || row.first - near.last > HOUR_MS) axes.push(row);
    else axes[axes.length - 1] = { first: near.first, last: Math.max(near.last, row.last) };
  }
  return rows.map((row) =>
    row && axes.find(({ first, last }) => row.first >= first && row.last <= last)!
  );
}
