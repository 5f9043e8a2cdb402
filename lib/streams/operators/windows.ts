/**
 * Windows as plain data: which ones a record falls into, and when they are closed.
 *
 * @module
 */

/** Fixed windows `[start, start + sizeMs)`, a new one every `advanceMs`, from the epoch. */
export interface TimeWindows {
  /** Tells the kinds of windows apart. */
  readonly kind: "time";
  /** Length of a window. */
  readonly sizeMs: number;
  /** Equal to `sizeMs` for tumbling windows. */
  readonly advanceMs: number;
  /** How long after its end a window still takes records, in stream time. */
  readonly graceMs: number;
  /** One window from then on, which never ends; see {@linkcode unlimited}. */
  readonly startMs?: number;
}

/** Windows `[t - differenceMs, t]`, both ends inclusive, one for each distinct set of records. */
export interface SlidingWindows {
  /** Tells the kinds of windows apart. */
  readonly kind: "sliding";
  /** Largest distance of two records in one window. */
  readonly differenceMs: number;
  /** How long after its end a window still takes records, in stream time. */
  readonly graceMs: number;
}

/** Sessions `[first, last]` of records at most `gapMs` apart. */
export interface SessionWindows {
  /** Tells the kinds of windows apart. */
  readonly kind: "session";
  /** Longest silence inside a session; 0 joins only records of one instant. */
  readonly gapMs: number;
  /** How long after its end a session still takes records, in stream time. */
  readonly graceMs: number;
}

/** Any windows. */
export type Windows = TimeWindows | SlidingWindows | SessionWindows;

/** Options of {@linkcode tumbling}. */
export interface TumblingOptions {
  /** Length of a window. */
  readonly sizeMs: number;
  /** How long after its end a window still takes records, in stream time. @default 0 */
  readonly graceMs?: number;
}

/**
 * Tumbling windows: each instant is in exactly one.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tumbling, windowStarts } from "lib/streams/mod.ts";
 * assert.deepEqual(windowStarts(tumbling({ sizeMs: 60_000 }), 60_000), [60_000]);
 * ```
 * @throws {RangeError} If `sizeMs` is not > 0 or `graceMs` is negative
 */
export function tumbling(options: TumblingOptions): TimeWindows {
  const { sizeMs, graceMs = 0 } = known(options, ["sizeMs", "graceMs"]);
  return hopping({ sizeMs, advanceMs: sizeMs, graceMs });
}

/** Options of {@linkcode hopping}. */
export interface HoppingOptions extends TumblingOptions {
  /** A new window begins every so many milliseconds; above 0, at most `sizeMs`. */
  readonly advanceMs: number;
}

/**
 * Hopping windows: they overlap, so a record is counted several times.
 *
 * @throws {RangeError} If `advanceMs` is not in (0, sizeMs]
 */
export function hopping(options: HoppingOptions): TimeWindows {
  const { sizeMs, advanceMs, graceMs = 0 } = known(options, ["sizeMs", "advanceMs", "graceMs"]);
  positive("sizeMs", sizeMs);
  if (!(typeof advanceMs === "number" && advanceMs > 0 && advanceMs <= sizeMs)) {
    throw new RangeError(
      `Cannot open windows as advanceMs must be above 0 and at most sizeMs ${sizeMs}: current value is ${
        shown(advanceMs)
      }`,
    );
  }
  notNegative("graceMs", graceMs);
  return { kind: "time", sizeMs, advanceMs, graceMs };
}

/**
 * Sliding windows: one for each distinct set of records at most `differenceMs` apart.
 *
 * @throws {RangeError} If a number is negative
 */
export function sliding(
  options: { readonly differenceMs: number; readonly graceMs?: number },
): SlidingWindows {
  const { differenceMs, graceMs = 0 } = known(options, ["differenceMs", "graceMs"]);
  notNegative("differenceMs", differenceMs);
  notNegative("graceMs", graceMs);
  return { kind: "sliding", differenceMs, graceMs };
}

/**
 * Session windows: they grow while records come at most `gapMs` apart, and merge.
 *
 * @throws {RangeError} If a number is negative
 */
export function session(
  options: { readonly gapMs: number; readonly graceMs?: number },
): SessionWindows {
  const { gapMs, graceMs = 0 } = known(options, ["gapMs", "graceMs"]);
  notNegative("gapMs", gapMs);
  notNegative("graceMs", graceMs);
  return { kind: "session", gapMs, graceMs };
}

/**
 * One window that begins at a time and never ends; earlier records are in none. Its `end` is the greatest safe integer.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { unlimited, windowStarts } from "lib/streams/mod.ts";
 * const sinceTen = unlimited({ startMs: 10 });
 * assert.deepEqual([9, 10, 1e12].map((timeMs) => windowStarts(sinceTen, timeMs)), [[], [10], [10]]);
 * ```
 * @throws {RangeError} If `startMs` is negative
 * See: Kafka Streams' `UnlimitedWindows`
 */
export function unlimited(options: { readonly startMs?: number } = {}): TimeWindows {
  const { startMs = 0 } = known(options, ["startMs"]);
  notNegative("startMs", startMs);
  const sizeMs = Number.MAX_SAFE_INTEGER - startMs;
  return { kind: "time", sizeMs, advanceMs: sizeMs, graceMs: 0, startMs };
}

/** The options, if all have names that mean something: `grace` for `graceMs` would be passed over in silence. */
function known<T extends object>(options: T, names: readonly (keyof T & string)[]): T {
  const example = `{ ${names[0]}: 60_000 }`;
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`Cannot open windows: their options are missing (give ${example})`);
  }
  const odd = Object.keys(options).find((name) => !(names as readonly string[]).includes(name));
  if (odd === undefined) return options;
  throw new TypeError(`Cannot open windows: there is no option "${odd}" (use ${names.join(", ")})`);
}

/** What was given as windows. @throws {TypeError} If it is something else */
export function mustBeWindows(given: Windows): Windows {
  if (["time", "sliding", "session"].includes(given?.kind)) return given;
  throw new TypeError(
    "Cannot cut records into windows: what was given is none (use tumbling(), hopping(), sliding() or session())",
  );
}

/** Starts of the windows that a time falls into, ascending; none lies before the epoch. */
export function windowStarts(windows: TimeWindows, timeMs: number): number[] {
  const { sizeMs, advanceMs, startMs } = windows;
  if (startMs !== undefined) return timeMs >= startMs ? [startMs] : [];
  const first = Math.floor(Math.max(0, timeMs - sizeMs + advanceMs) / advanceMs) * advanceMs;
  const starts: number[] = [];
  for (let start = first; start <= timeMs; start += advanceMs) starts.push(start);
  return starts;
}

/** How far stream time must pass a window's end before the window is closed. */
export function closesAfterMs(windows: Windows): number {
  return windows.kind === "session" ? windows.gapMs + windows.graceMs : windows.graceMs;
}

/** How long rows can still be needed, counted from a window's time; Kafka Streams' default retention. */
export function neededMs(windows: Windows): number {
  if (windows.kind === "time") return windows.sizeMs + windows.graceMs;
  if (windows.kind === "session") return windows.gapMs + windows.graceMs;
  return 2 * windows.differenceMs + windows.graceMs;
}

function positive(name: string, value: number): void {
  if (!(typeof value === "number" && value > 0 && value < Infinity)) {
    throw new RangeError(
      `Cannot open windows as ${name} must be > 0: current value is ${shown(value)}`,
    );
  }
}

function notNegative(name: string, value: number): void {
  if (!(typeof value === "number" && value >= 0 && value < Infinity)) {
    throw new RangeError(
      `Cannot open windows as ${name} must be >= 0: current value is ${shown(value)}`,
    );
  }
}

/** Text in quotes: `"60000"` is no number. */
function shown(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
