/** A record as it arrives: when it happened, and what to call it. */
export interface Arriving {
  /** Event time, Unix epoch ms. */
  readonly timeMs: number;
  /** What to write beside it. */
  readonly label?: string;
}

/** A record, and what the windows made of it. */
export interface Arrival extends Arriving {
  /** Start of the window it belongs to, Unix epoch ms. */
  readonly start: number;
  /** End of that window, not included, Unix epoch ms. */
  readonly end: number;
  /** The greatest event time so far, this record included. */
  readonly streamTimeMs: number;
  /** Whether its window was closed when it came. */
  readonly late: boolean;
}

/** A window over time. */
export interface ArrivalWindow {
  /** Unix epoch ms. */
  readonly start: number;
  /** Not included, Unix epoch ms. */
  readonly end: number;
  /** Records counted. */
  readonly count: number;
  /** Records that came too late. */
  readonly missed: number;
  /** Position of the record whose arrival closed it; null while it is open. */
  readonly closedBy: number | null;
}

/** Records in the order of their arrival, and the tumbling windows they fall into or miss. */
export interface Arrivals {
  /** In the order of their arrival. */
  readonly records: readonly Arrival[];
  /** By start; empty ones between the first and the last are there, too, unless those are years apart. */
  readonly windows: readonly ArrivalWindow[];
}

/**
 * Tells for records in the order of their arrival which tumbling window each falls into, and who comes too late.
 *
 * A window closes when stream time, the greatest event time so far, reaches its end plus the grace.
 *
 * @example The third record belongs to the first minute, which the second one has closed
 * ```ts
 * import assert from "node:assert/strict";
 * import { arrivals } from "./arrivals.ts";
 * const { records, windows } = arrivals([0, 60_000, 30_000].map((timeMs) => ({ timeMs })), { sizeMs: 60_000 });
 * assert.deepEqual(records.map(({ late }) => late), [false, false, true]);
 * assert.deepEqual(windows.map(({ count, missed, closedBy }) => [count, missed, closedBy]), [[1, 1, 1], [1, 0, null]]);
 * ```
 * @param options.graceMs How long after its end a window still takes records. @default 0
 */
export function arrivals(
  arriving: readonly Arriving[],
  { sizeMs, graceMs = 0 }: { readonly sizeMs: number; readonly graceMs?: number },
): Arrivals {
  let streamTimeMs = -Infinity;
  const records = arriving.map((one): Arrival => {
    const start = Math.floor(one.timeMs / sizeMs) * sizeMs, end = start + sizeMs;
    streamTimeMs = Math.max(streamTimeMs, one.timeMs);
    return { ...one, start, end, streamTimeMs, late: end + graceMs <= streamTimeMs };
  });
  const windows: ArrivalWindow[] = [];
  for (const start of startsOf(records, sizeMs)) {
    const end = start + sizeMs, mine = records.filter((one) => one.start === start);
    const closedBy = records.findIndex((one) => end + graceMs <= one.streamTimeMs);
    const missed = mine.filter(({ late }) => late).length;
    windows.push({
      start,
      end,
      count: mine.length - missed,
      missed,
      closedBy: closedBy < 0 ? null : closedBy,
    });
  }
  return { records, windows };
}

/** With so many windows from the first to the last, empty ones are left out. */
const MOST_WINDOWS = 1_000;

function startsOf(records: readonly Arrival[], sizeMs: number): readonly number[] {
  const known = [...new Set(records.map(({ start }) => start))].sort((a, b) => a - b);
  const first = known[0] ?? 0, windows = ((known.at(-1) ?? 0) - first) / sizeMs + 1;
  return known.length === 0 || windows > MOST_WINDOWS
    ? known
    : Array.from({ length: windows }, (_, at) => first + at * sizeMs);
}
