import { cut, escapeHtml, tag } from "./markup.ts";
import { type Picture, picture } from "./picture.ts";
import { drawing, frame } from "./theme.ts";
import { momentLabels } from "./time_axis.ts";

/** A timer: when it is due, and when it fired. */
export interface Timer {
  /** What it waits for; a few words. */
  readonly label: string;
  /** The time that it waits for, in ms. */
  readonly dueMs: number;
  /** The clock's time when it fired, in ms; null when it has not. */
  readonly firedMs: number | null;
}

/** Timers on an axis of time, and the records that move it. */
export interface Timers {
  /** One row each, from top to bottom. */
  readonly timers: readonly Timer[];
  /** Records by their event times, in ms: stream time is the greatest so far. */
  readonly records: readonly { readonly timeMs: number; readonly label: string }[];
}

/** How to draw timers. */
export interface TimersOptions {
  /** Written above. */
  readonly title?: string;
  /** How to write a time on the axis. @default the number */
  readonly time?: (timeMs: number) => string;
}

const WIDTH = 556, LEFT = 110, RIGHT = 40, TOP = 12, ROW = 30;
/** Rows of one drawing; more would not be read. */
const MOST_TIMERS = 20, MOST_RECORDS = 40;

/**
 * Timers as flags on the axis of stream time: a flag stands where a timer is due, a dot where it fired.
 *
 * Stream time stands still between records, so a timer fires at the first record that is not before it; a flag without a
 * dot is still waiting.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { timersView } from "./timers.ts";
 * const view = timersView({
 *   timers: [{ label: "ride 1", dueMs: 30, firedMs: 31 }, { label: "ride 2", dueMs: 40, firedMs: null }],
 *   records: [{ timeMs: 0, label: "a" }, { timeMs: 31, label: "b" }],
 * });
 * assert.equal(view.text, "ride 1: due 30, fired 31\nride 2: due 40, not fired\nrecords: a 0, b 31");
 * ```
 */
export function timersView(data: Timers, options: TimersOptions = {}): Picture {
  const { title, time = String } = options;
  const timers = data.timers.slice(0, MOST_TIMERS), records = data.records.slice(0, MOST_RECORDS);
  const times = [
    ...timers.flatMap(({ dueMs, firedMs }) => [dueMs, firedMs ?? dueMs]),
    ...records.map(({ timeMs }) => timeMs),
  ];
  const from = Math.min(...times), to = Math.max(...times), span = Math.max(1, to - from);
  const x = (ms: number) => LEFT + ((ms - from) / span) * (WIDTH - LEFT - RIGHT);
  const bottom = TOP + timers.length * ROW;
  const text = asText(data, time);
  const body = drawing(
    { width: WIDTH, height: bottom + 62, label: text.replaceAll("\n", "; ") },
    ...records.map(({ timeMs }) =>
      tag("path", { d: `M${x(timeMs)},${TOP}V${bottom + 16}`, stroke: "var(--taxi-line)" })
    ),
    ...timers.map((timer, at) => row(timer, { x, y: TOP + at * ROW + ROW / 2 })),
    name("records", bottom + 16),
    ...dots(records, { x, y: bottom + 16 }),
    ...momentLabels(times, { x, y: bottom + 54, time }),
  );
  const more = data.timers.length - timers.length;
  const note = (more > 0 ? `… and ${more} more timers · ` : "") +
    "⚑ due · ● fired · a flag alone is still waiting · lines: stream time moves only at records";
  return picture(frame(body, { kind: "timers", title, note }), text);
}

interface Place {
  readonly x: (ms: number) => number;
  readonly y: number;
}

function name(label: string, y: number): string {
  const place = { x: LEFT - 14, y: y + 4, "text-anchor": "end", "font-size": 12 };
  return tag("text", { ...place, "font-weight": 600 }, escapeHtml(cut(label, 14)));
}

function row({ label, dueMs, firedMs }: Timer, { x, y }: Place): string {
  const due = x(dueMs), waiting = firedMs === null;
  const color = waiting ? "var(--taxi-bad)" : "var(--taxi-text)";
  const flag = tag("path", {
    d: `M${due},${y + 9}V${y - 9}l10,4.5l-10,4.5`,
    ...{ fill: waiting ? "none" : "var(--taxi-cab)", stroke: color, "stroke-width": 1.6 },
  });
  if (waiting) return name(label, y) + flag;
  const fired = x(firedMs);
  return name(label, y) +
    tag("path", {
      d: `M${due},${y + 9}H${fired}`,
      ...{ stroke: color, "stroke-width": 1.4, "stroke-dasharray": "3 3" },
    }) + flag +
    tag("circle", { cx: fired, cy: y + 9, r: 4, fill: "var(--taxi-good)" });
}

function dots(records: Timers["records"], { x, y }: Place): string[] {
  let free = -Infinity;
  return records.map(({ timeMs, label }) => {
    const at = x(timeMs), words = cut(label, 12), half = words.length * 3.5;
    const room = at - half > free;
    if (room) free = at + half + 6;
    return tag("circle", {
      ...{ cx: at, cy: y, r: 5, fill: "var(--taxi-page)", stroke: "var(--taxi-text)" },
    }) + (room
      ? tag(
        "text",
        { x: at, y: y + 18, "font-size": 11.5, "text-anchor": "middle" },
        escapeHtml(words),
      )
      : "");
  });
}

function asText({ timers, records }: Timers, time: (timeMs: number) => string): string {
  const rows = timers.map(({ label, dueMs, firedMs }) =>
    `${label}: due ${time(dueMs)}, ${firedMs === null ? "not fired" : `fired ${time(firedMs)}`}`
  );
  const seen = records.map(({ timeMs, label }) => `${label} ${time(timeMs)}`).join(", ");
  return [...rows, `records: ${seen}`].join("\n");
}
