import { clockTime } from "./clock.ts";
import { cut, escapeHtml, tag } from "./markup.ts";

/** A mark on an axis of time. */
export interface TimeTick {
  /** Unix epoch ms. */
  readonly at: number;
  /** As much of the time as changes from mark to mark. */
  readonly label: string;
}

const SECOND = 1_000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
/** Steps of equal length. */
const STEPS = [
  ...[1, 5, 10, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 30].map((n) => n * MINUTE),
  ...[1, 2, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14].map((n) => n * DAY),
];
/** Steps in months, of which no two are equally long. */
const MONTHS = [1, 3, 6, ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000].map((years) => years * 12)];
/** The last moment that JavaScript's calendar knows. */
const LAST_MS = 8.64e15;

/**
 * Marks for a stretch of time: at most ten, on round seconds, hours, days, months or years.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { timeTicks } from "./time_axis.ts";
 * assert.deepEqual(timeTicks(0, 120_000).map(({ label }) => label), [
 *   ...["00:00:00", "00:00:30", "00:01:00", "00:01:30", "00:02:00"],
 * ]);
 * const years = timeTicks(Date.UTC(1970), Date.UTC(2084)).map(({ label }) => label);
 * assert.deepEqual(years, ["1980", "2000", "2020", "2040", "2060", "2080"]);
 * ```
 */
export function timeTicks(from: number, to: number): readonly TimeTick[] {
  if (!(from >= -LAST_MS && to <= LAST_MS)) return [];
  const step = STEPS.find((ms) => (to - from) / ms <= 9);
  return step === undefined ? calendarTicks(from, to) : evenTicks(from, to, step);
}

function evenTicks(from: number, to: number, step: number): TimeTick[] {
  const ticks: TimeTick[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) {
    const label = step >= DAY ? dateOf(at) : clockTime(at, { seconds: step < MINUTE });
    // Midnight says which day begins.
    const midnight = step < DAY && at % DAY === 0 && to - from > DAY;
    ticks.push({ at, label: midnight ? dateOf(at) : label });
  }
  return ticks;
}

function calendarTicks(from: number, to: number): TimeTick[] {
  const monthOf = (ms: number) => {
    const date = new Date(ms);
    return date.getUTCFullYear() * 12 + date.getUTCMonth();
  };
  const first = monthOf(from), last = monthOf(to);
  const step = MONTHS.find((months) => (last - first) / months <= 9) ?? MONTHS.at(-1)!;
  const ticks: TimeTick[] = [];
  for (let month = Math.ceil(first / step) * step; month <= last; month += step) {
    const at = new Date(0).setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
    if (at < from || at > to) continue;
    const text = new Date(at).toISOString();
    ticks.push({ at, label: step % 12 === 0 ? text.slice(0, -20) : text.slice(0, -17) });
  }
  return ticks;
}

/** The day, as in `2021-01-01`. */
export function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, -14);
}

/** A moment in text: the time of day, with the day where the stretch that is shown has several. */
export function moment(ms: number, { dated }: { readonly dated: boolean }): string {
  if (!(Math.abs(ms) <= LAST_MS)) return String(ms);
  return dated ? `${dateOf(ms)} ${clockTime(ms)}` : clockTime(ms);
}

/** Whether times of a stretch need their day to be told apart. */
export function spansDays(from: number, to: number): boolean {
  return !(Math.floor(from / DAY) === Math.floor(Math.max(from, to - 1) / DAY));
}

/** Where moments stand on an axis, and how they are written. */
export interface MomentPlaces {
  /** From a time to its place. */
  readonly x: (timeMs: number) => number;
  /** Base line of the words. */
  readonly y: number;
  /** From a time to its words. */
  readonly time: (timeMs: number) => string;
}

/**
 * Writes the moments themselves below an axis, instead of round times; one that has no room beside the one before is left
 * out.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { momentLabels } from "./time_axis.ts";
 * const labels = momentLabels([10, 0, 11], { x: (ms) => ms * 10, y: 5, time: String });
 * assert.deepEqual(labels.map((one) => one.replace(/<[^>]+>/g, "")), ["0", "10"]);
 * ```
 */
export function momentLabels(times: Iterable<number>, { x, y, time }: MomentPlaces): string[] {
  let free = -Infinity;
  return [...new Set(times)].sort((a, b) => a - b).flatMap((ms) => {
    const at = x(ms), words = cut(time(ms), 12), half = words.length * 3.4;
    if (at - half < free) return [];
    free = at + half + 8;
    const place = { x: at, y, "font-size": 11, "text-anchor": "middle", class: "soft" };
    return tag("text", place, escapeHtml(words));
  });
}
