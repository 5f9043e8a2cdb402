import { cut, escapeHtml, short, tag } from "./markup.ts";
import { type Fills, fills } from "./pattern.ts";
import { type Picture, picture } from "./picture.ts";
import { rowsOf } from "./rows.ts";
import { drawing, frame, hue } from "./theme.ts";
import { moment, spansDays, timeTicks } from "./time_axis.ts";

/** A result in a window. */
export interface WindowRow {
  /** Without its window. */
  readonly key: unknown;
  /** Unix epoch ms. */
  readonly start: number;
  /** Unix epoch ms. */
  readonly end: number;
  /** Written on the bar. */
  readonly value: unknown;
}

/** How windows are drawn. */
export interface WindowViewOptions {
  /** Written above. */
  readonly title?: string;
  /** Left edge, Unix epoch ms: a live picture keeps still while it fills. @default the first window's start */
  readonly from?: number;
  /** Right edge, Unix epoch ms. @default the last window's end */
  readonly to?: number;
}

const WIDTH = 560, RIGHT = 60, LINE = 24;
/** Bars of one drawing: more would neither be read nor fit into a notebook. */
const MOST_WINDOWS = 300;

interface Placed extends WindowRow {
  readonly line: number;
}

/**
 * Windows as bars along the time, a group of lines for each key, each with its result; windows that overlap lie below
 * each other.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { windowView } from "./windows.ts";
 * const minute = { key: 1, start: 0, end: 60_000, value: 3 };
 * assert.equal(windowView([minute]).text, "1 [00:00:00, 00:01:00) 3");
 * ```
 */
export function windowView(
  given: readonly WindowRow[],
  { title, ...edges }: WindowViewOptions = {},
): Picture {
  const rows = rowsOf(given, "windows") as readonly object[] as readonly WindowRow[];
  const all = rows.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const sorted = all.slice(0, MOST_WINDOWS);
  const keys = [...new Set(sorted.map(({ key }) => short(key)))].sort((a, b) =>
    a.localeCompare(b, "en", { numeric: true })
  );
  const latest = sorted.reduce((end, row) => Math.max(end, row.end), -Infinity);
  const dated = spansDays(sorted[0]?.start ?? 0, latest);
  const text = asText(sorted, { keys, dated, all: all.length });
  if (rows.length === 0) return picture(frame("no windows yet", { kind: "windows", title }), text);
  const from = edges.from ?? sorted[0]!.start;
  const to = edges.to ?? Math.max(from + 1, latest);
  const left = 20 + 7.5 * Math.max(4, ...keys.map((key) => Math.min(18, key.length)));
  const x = (ms: number) =>
    left + (Math.min(Math.max(0, ms - from), to - from) / (to - from)) * WIDTH;
  const paint = fills(keys.length, JSON.stringify(keys));
  let top = 4;
  const groups = keys.map((key, index) => {
    const placed = stacked(sorted.filter((row) => short(row.key) === key));
    const lines = 1 + Math.max(...placed.map(({ line }) => line));
    const group = tag(
      "g",
      { transform: `translate(0 ${top})` },
      tag(
        "text",
        { x: left - 12, y: 16, "text-anchor": "end", "font-weight": 600 },
        escapeHtml(cut(key, 18)),
      ),
      ...placed.map((row) =>
        bar(row, { x, index, paint, dated, others: placed, edge: left + WIDTH + RIGHT })
      ),
    );
    top += lines * LINE + 10;
    return group;
  });
  const canvas = {
    width: left + WIDTH + RIGHT,
    height: top + 22,
    label: text.replaceAll("\n", "; "),
  };
  const body = drawing(canvas, paint.defs, ...axis({ from, to, x, y: top + 12 }), ...groups);
  const note = all.length > sorted.length ? leftOut(all.length - sorted.length) : undefined;
  return picture(frame(body, { kind: "windows", title, note }), text);
}

function leftOut(windows: number): string {
  return `… and ${windows.toLocaleString("en")} more windows`;
}

/** The first line that is free where the window begins. */
function stacked(rows: readonly WindowRow[]): Placed[] {
  const ends: number[] = [];
  return rows.map((row) => {
    const free = ends.findIndex((end) => end <= row.start);
    const line = free < 0 ? ends.length : free;
    ends[line] = Math.max(row.end, row.start + 1);
    return { ...row, line };
  });
}

function bar(
  row: Placed,
  { x, index, paint, dated, others, edge }: {
    readonly edge: number;
    readonly x: (ms: number) => number;
    readonly index: number;
    readonly paint: Fills;
    readonly dated: boolean;
    readonly others: readonly Placed[];
  },
): string {
  const left = x(row.start), width = Math.max(5, x(row.end) - left - 2), y = row.line * LINE;
  // A number too wide for its bar stands behind it, where nothing else does, as far as there is room.
  const right = left + width + 4, whole = cut(short(row.value), 60);
  const wide = whole.length * 7 + 4 <= width;
  const value = wide ? whole : cut(whole, Math.floor((edge - right) / 7)),
    room = value.length * 7 + 4;
  const taken = others.some((one) =>
    one.line === row.line && x(one.start) >= left + width && x(one.start) < right + room
  );
  return tag(
    "g",
    {},
    tag("title", {}, escapeHtml(cut(spanOf(row, dated), 200))),
    tag("rect", {
      x: left,
      y,
      width,
      height: 20,
      rx: 4,
      fill: paint.fill(index),
      stroke: hue(index),
    }),
    !wide && taken ? "" : tag("text", {
      x: wide ? left + width / 2 : right,
      y: y + 14.5,
      "text-anchor": wide ? "middle" : "start",
      "font-size": 12,
      "font-weight": 600,
    }, escapeHtml(value)),
  );
}

function axis(
  { from, to, x, y }: {
    readonly from: number;
    readonly to: number;
    readonly x: (ms: number) => number;
    readonly y: number;
  },
): string[] {
  return timeTicks(from, to).flatMap(({ at, label }) => [
    tag("path", { d: `M${x(at)},0V${y - 12}`, stroke: "var(--taxi-line)", fill: "none" }),
    tag(
      "text",
      { x: x(at), y: y + 4, "font-size": 11, "text-anchor": "middle", class: "soft" },
      label,
    ),
  ]);
}

function spanOf({ key, start, end, value }: WindowRow, dated: boolean): string {
  return `${short(key)} [${moment(start, { dated })}, ${moment(end, { dated })}) ${short(value)}`;
}

function asText(
  rows: readonly WindowRow[],
  { keys, dated, all }: {
    readonly keys: readonly string[];
    readonly dated: boolean;
    readonly all: number;
  },
): string {
  const lines = keys.flatMap((key) =>
    rows.filter((row) => short(row.key) === key).map((row) => spanOf(row, dated))
  );
  const shown = lines.slice(0, 40);
  if (all > shown.length) shown.push(`… and ${all - shown.length} more windows`);
  return shown.join("\n") || "no windows yet";
}
