import type { TableRow } from "../contract.ts";

/** What may still happen to a window: records come in; only late ones do; none does any more. */
export type WindowState = "open" | "in grace" | "closed" | "unknown";

/** A window as a bar. */
export interface WindowBar {
  readonly start: number;
  readonly end: number;
  /** Row of its lane: windows that overlap stand below each other. */
  readonly level: number;
  readonly state: WindowState;
  readonly value: string;
}

/** The windows of one key. */
export interface WindowLane {
  readonly key: string;
  readonly partition: number;
  readonly bars: readonly WindowBar[];
  readonly levels: number;
  /** Stream time of the task that keeps the key; null where it is not known. */
  readonly timeMs: number | null;
}

/** Windows of a table on one time axis. */
export interface WindowLanes {
  readonly lanes: readonly WindowLane[];
  readonly first: number;
  readonly last: number;
  /** Keys that are left out. */
  readonly others: number;
}

/** What is known of a table's windows. */
export interface WindowsOf {
  readonly sizeMs: number;
  readonly graceMs: number;
  readonly timeOf: (partition: number) => number | null;
}

const KEYS = 8;
/** So many windows fit beside each other. */
const WINDOWS = 12;
const LEVELS = 8;

/**
 * Puts the windows of a table on a time axis, a lane for each key: the keys that changed last, their newest windows.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import type { TableRow } from "../contract.ts";
 * import { windowLanes } from "./window_lanes.ts";
 * const row = (start: number) => ({
 *   key: { kind: "window", window: { key: "a", start, end: start + 10 } },
 *   value: { text: "3" }, timestamp: start, partition: 0,
 * }) as unknown as TableRow;
 * const { lanes } = windowLanes([row(0), row(10), row(20)], { sizeMs: 10, graceMs: 5, timeOf: () => 23 });
 * assert.deepEqual(lanes[0]?.bars.map(({ state }) => state), ["closed", "in grace", "open"]);
 * ```
 */
export function windowLanes(
  rows: readonly TableRow[],
  { sizeMs, graceMs, timeOf }: WindowsOf,
): WindowLanes {
  const windows = rows.flatMap(({ key, value, timestamp, partition }) => {
    if (!key.window) return [];
    const { start, end } = key.window;
    return [{
      ...{ key: key.window.key, partition, timestamp, start, value: value.text },
      end: end ?? start + sizeMs,
    }];
  });
  const keys = [...Map.groupBy(windows, (one) => `${one.partition} ${one.key}`).values()]
    .toSorted((a, b) => newest(b) - newest(a));
  const shown = keys.slice(0, KEYS), all = shown.flat();
  const longest = Math.max(1, sizeMs, ...all.map(({ start, end }) => end - start));
  // A window without an end is as long as what is known of it.
  const step = longest > 1e14 ? 60_000 : longest;
  const times = shown.flatMap(([one]) => timeOf(one!.partition) ?? []);
  const last = Math.max(...times, ...all.map(({ start, end }) => Math.min(end, start + step)));
  const first = Math.max(last - WINDOWS * step, Math.min(...all.map(({ start }) => start)));
  const lanes = shown.map((own): WindowLane => {
    const { key, partition } = own[0]!, timeMs = timeOf(partition), ends: number[] = [];
    const bars = own.filter(({ start, end }) => end > first || start >= first).toSorted((a, b) =>
      a.start - b.start
    )
      .flatMap(({ start, end, value }): WindowBar[] => {
        const free = ends.findIndex((taken) => taken <= start);
        const level = free < 0 ? ends.length : free;
        if (level >= LEVELS) return [];
        // A session of one record has no length, and needs a place all the same.
        ends[level] = Math.max(end, start + step / 20);
        return [{ start, end, level, value, state: stateOf(end, graceMs, timeMs) }];
      });
    return { key, partition, bars, levels: Math.max(1, ends.length), timeMs };
  });
  const byKey = new Intl.Collator("en", { numeric: true });
  return {
    lanes: lanes.toSorted((a, b) => byKey.compare(a.key, b.key)),
    ...{ first, last, others: keys.length - shown.length },
  };
}

const newest = (own: readonly { readonly timestamp: number }[]) =>
  Math.max(...own.map(({ timestamp }) => timestamp));

function stateOf(end: number, graceMs: number, timeMs: number | null): WindowState {
  if (timeMs === null) return "unknown";
  if (end > timeMs) return "open";
  return end > timeMs - graceMs ? "in grace" : "closed";
}
