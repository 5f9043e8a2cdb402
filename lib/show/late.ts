import type { Arrivals } from "../views/mod.ts";
import { clockTime, duration } from "./clock.ts";
import { cut, escapeHtml, tag } from "./markup.ts";
import { type Fills, fills } from "./pattern.ts";
import { type Picture, picture } from "./picture.ts";
import { drawing, frame, hue } from "./theme.ts";

const LEFT = 176, WIDTH = 400, RIGHT = 210, TOP = 40, ROW = 22;

/** Rows of one drawing: more would neither be read nor fit into a notebook. */
const MOST_RECORDS = 250, MOST_COLUMNS = 120, MOST_LINES = 40;

/** Places on the drawing. */
interface Scale {
  readonly x: (ms: number) => number;
  readonly y: (order: number) => number;
  readonly bottom: number;
}

/**
 * Who came too late, and for which window: records from top to bottom as they arrive, their event time from left to right.
 *
 * Each window is a column that ends where it closed. A record below the end of its column is late.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { arrivals } from "../views/mod.ts";
 * import { lateView } from "./late.ts";
 * const seen = arrivals([0, 90_000, 30_000].map((timeMs) => ({ timeMs })), { sizeMs: 60_000 });
 * assert.match(lateView(seen).text, /3 records, 1 late\n3 at 00:00:30 missed \[00:00, 00:01\), 30 s too late/);
 * ```
 * @param options.graceMs The grace that `data` was made with, for the words. @default 0
 */
export function lateView(
  data: Arrivals,
  { title, graceMs = 0 }: { readonly title?: string; readonly graceMs?: number } = {},
): Picture {
  const { windows } = data, records = data.records.slice(0, MOST_RECORDS);
  const more = data.records.length - records.length;
  const from = windows[0]?.start ?? 0, to = windows.at(-1)?.end ?? 1;
  const x = (ms: number) => LEFT + ((ms - from) / (to - from)) * WIDTH;
  const y = (order: number) => TOP + order * ROW;
  const scale = { x, y, bottom: y(records.length) };
  const paint = fills(1, "late");
  const text = asText(data, graceMs);
  const canvas = {
    width: LEFT + WIDTH + RIGHT,
    height: scale.bottom + 12,
    label: text.replaceAll("\n", "; "),
  };
  const body = drawing(
    canvas,
    paint.defs,
    ...windows.slice(0, MOST_COLUMNS).map((_, at) => column(data, { at, paint, scale })),
    streamTime(records, scale),
    ...records.map((_, at) => row(data, { at, graceMs, scale })),
  );
  const note = (more > 0 ? `… and ${more.toLocaleString("en")} more records · ` : "") +
    "a column ends where its window closed · dashed: stream time · ● counted · ✕ late, in the closed part of its column";
  return picture(frame(body, { kind: "late", title, note }), text);
}

function column(
  { windows }: Arrivals,
  { at, paint, scale }: { readonly at: number; readonly paint: Fills; readonly scale: Scale },
): string {
  const { start, end, count, closedBy } = windows[at]!;
  const left = scale.x(start), width = scale.x(end) - left;
  const closed = Math.min(scale.bottom, scale.y((closedBy ?? Infinity) + 1));
  const every = Math.ceil(44 / Math.max(1, width));
  const words = at % every === 0 ? clockTime(start, { seconds: false }) : "";
  return tag(
    "g",
    {},
    tag("title", {}, `${clockTime(start)} to ${clockTime(end)}: ${count} counted`),
    tag("text", { x: left, y: 14, "font-size": 11.5 }, words),
    tag("text", {
      x: left + width / 2,
      y: 32,
      "font-size": 12,
      "text-anchor": "middle",
      "font-weight": 600,
    }, `${count}`),
    tag("rect", {
      x: left + 1,
      y: TOP,
      width: Math.max(1, width - 2),
      height: closed - TOP,
      fill: paint.fill(0),
      stroke: hue(0),
      "stroke-opacity": 0.4,
    }),
    closedBy === null || closedBy >= MOST_RECORDS ? "" : tag("path", {
      d: `M${left + 1},${closed}H${left + width - 1}`,
      stroke: "var(--taxi-text)",
      "stroke-width": 2,
    }),
  );
}

function streamTime(records: Arrivals["records"], { x, y }: Scale): string {
  const path = records.map(({ streamTimeMs }, at) => {
    const to = x(streamTimeMs);
    return `${at === 0 ? `M${to},${y(0)}` : `H${to}`}V${y(at + 1)}`;
  }).join("");
  return tag("path", {
    d: path,
    fill: "none",
    stroke: "var(--taxi-text)",
    "stroke-width": 1.4,
    "stroke-dasharray": "5 4",
  });
}

function row(
  { records }: Arrivals,
  { at, graceMs, scale }: { readonly at: number; readonly graceMs: number; readonly scale: Scale },
): string {
  const { timeMs, label, late, end, start, streamTimeMs } = records[at]!;
  const x = scale.x(timeMs), y = scale.y(at) + ROW / 2;
  const name = `${at + 1} · ${clockTime(timeMs)}${label ? ` · ${label}` : ""}`;
  const soft = { "font-size": 11.5 };
  if (!late) {
    return tag(
      "g",
      {},
      tag("text", { x: 4, y: y + 4, ...soft }, escapeHtml(cut(name, 28))),
      tag("circle", { cx: x, cy: y, r: 5, fill: "var(--taxi-good)", stroke: "var(--taxi-page)" }),
    );
  }
  const told = `${duration(streamTimeMs - end - graceMs)} too late for ${
    clockTime(start, { seconds: false })
  }`;
  return tag(
    "g",
    {},
    tag(
      "text",
      { x: 4, y: y + 4, ...soft, style: "fill:var(--taxi-bad)" },
      escapeHtml(cut(name, 28)),
    ),
    tag("path", {
      d: `M${x - 5},${y - 5}l10,10M${x - 5},${y + 5}l10,-10`,
      stroke: "var(--taxi-bad)",
      "stroke-width": 2.6,
    }),
    tag(
      "text",
      { x: LEFT + WIDTH + 8, y: y + 4, ...soft, style: "fill:var(--taxi-bad)" },
      escapeHtml(told),
    ),
  );
}

function asText({ records }: Arrivals, graceMs: number): string {
  const late = records.flatMap((one, at) => one.late ? [{ ...one, at }] : []);
  const lines = late.map(({ at, timeMs, start, end, streamTimeMs }) => {
    const window = `[${clockTime(start, { seconds: false })}, ${
      clockTime(end, { seconds: false })
    })`;
    const by = duration(streamTimeMs - end - graceMs);
    return `${at + 1} at ${clockTime(timeMs)} missed ${window}, ${by} too late`;
  });
  const shown = lines.slice(0, MOST_LINES);
  if (lines.length > shown.length) shown.push(`… and ${lines.length - shown.length} more`);
  return [`${records.length} records, ${late.length} late`, ...shown].join("\n");
}
