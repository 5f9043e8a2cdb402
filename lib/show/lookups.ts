import { cut, escapeHtml, tag } from "./markup.ts";
import { type Fills, fills } from "./pattern.ts";
import { type Picture, picture } from "./picture.ts";
import { drawing, frame, hue } from "./theme.ts";
import { momentLabels } from "./time_axis.ts";

/** A row of a table, from this moment on. */
export interface LookupRow {
  /** Key of the row. */
  readonly key: string;
  /** When it changed, in ms. */
  readonly timeMs: number;
  /** What it holds from then on; null is a row that was deleted. */
  readonly value: string | null;
}

/** A record of a stream, and what it found in the table. */
export interface Lookup {
  /** The key that it looked up. */
  readonly key: string;
  /** Time of the record, in ms. */
  readonly timeMs: number;
  /** What to write at it; a few letters. */
  readonly label: string;
  /** What it found; null when there was no row. */
  readonly found: string | null;
}

/** A table over time, and the records that looked it up. */
export interface Lookups {
  /** Changes of the table. */
  readonly rows: readonly LookupRow[];
  /** Records of the stream. */
  readonly records: readonly Lookup[];
}

/** How to draw look-ups. */
export interface LookupsOptions {
  /** Written above. */
  readonly title?: string;
  /** How to write a time on the axis. @default the number */
  readonly time?: (timeMs: number) => string;
}

const WIDTH = 556, LEFT = 96, RIGHT = 24, STREAM = 34, FIRST = 84, LANE = 46, BAR = 26;
/** Keys and records of one drawing; more would not be read. */
const MOST_KEYS = 8, MOST_RECORDS = 40;

/** Places on the drawing. */
interface Scale {
  readonly x: (ms: number) => number;
  readonly y: (key: string) => number;
}

/**
 * What each record of a stream found in a table: an arrow down to the row that stood there, at the record's time.
 *
 * A row is a bar from the moment it came until it changed. A dashed arrow with a cross found no row, even where the picture
 * shows a bar at that time: then the row came later than the record was processed.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lookupsView } from "./lookups.ts";
 * const view = lookupsView({
 *   rows: [{ key: "132", timeMs: 20, value: "JFK" }],
 *   records: [
 *     { key: "132", timeMs: 10, label: "r1", found: null },
 *     { key: "132", timeMs: 30, label: "r2", found: "JFK" },
 *   ],
 * });
 * assert.equal(view.text, "20: row 132 is JFK\n10: r1 looks up 132 and finds no row\n30: r2 looks up 132 and finds JFK");
 * ```
 */
export function lookupsView(data: Lookups, options: LookupsOptions = {}): Picture {
  const { title, time = String } = options;
  const records = data.records.slice(0, MOST_RECORDS);
  const keys = [...new Set([...data.rows, ...records].map(({ key }) => key))].slice(0, MOST_KEYS);
  const times = [...data.rows, ...records].map(({ timeMs }) => timeMs);
  const from = Math.min(...times, Infinity), to = Math.max(...times, -Infinity);
  const span = Math.max(1, to - from), room = WIDTH - LEFT - RIGHT - 40;
  const scale: Scale = {
    x: (ms) => LEFT + 20 + ((ms - from) / span) * room,
    y: (key) => FIRST + keys.indexOf(key) * LANE,
  };
  const bottom = FIRST + keys.length * LANE;
  const paint = fills(keys.length, JSON.stringify(keys));
  const text = asText(data, time);
  const body = drawing(
    { width: WIDTH, height: bottom + 22, label: text.replaceAll("\n", "; ") },
    paint.defs,
    name("stream", STREAM),
    tag("path", { d: `M${LEFT},${STREAM}H${WIDTH - RIGHT}`, stroke: "var(--taxi-line)" }),
    ...keys.map((key) => lane(key, { rows: data.rows, keys, scale, paint })),
    ...records.filter(({ key }) => keys.includes(key)).map((one) => arrow(one, data.rows, scale)),
    ...momentLabels(times, { x: scale.x, y: bottom + 14, time }),
  );
  const more = data.records.length - records.length;
  const note = (more > 0 ? `… and ${more} more records · ` : "") +
    "arrow: the row that the record found when it was processed, slanted if it is of another time · dashed, with ✕: no row";
  return picture(frame(body, { kind: "lookups", title, note }), text);
}

function name(label: string, y: number): string {
  return tag("text", {
    x: LEFT - 10,
    y: y + 4,
    "text-anchor": "end",
    "font-size": 12,
    "font-weight": 600,
  }, escapeHtml(cut(label, 12)));
}

function rowsInTime(rows: readonly LookupRow[], key: string): LookupRow[] {
  return rows.filter((row) => row.key === key).sort((a, b) => a.timeMs - b.timeMs);
}

function lane(
  key: string,
  { rows, keys, scale, paint }: {
    readonly rows: readonly LookupRow[];
    readonly keys: readonly string[];
    readonly scale: Scale;
    readonly paint: Fills;
  },
): string {
  const mine = rowsInTime(rows, key);
  const y = scale.y(key), hueOf = keys.indexOf(key);
  return tag(
    "g",
    {},
    name(`row ${key}`, y + BAR / 2),
    ...mine.map(({ timeMs, value }, at) => {
      if (value === null) return "";
      const start = scale.x(timeMs), next = mine[at + 1];
      const width = Math.max(2, (next ? scale.x(next.timeMs) : WIDTH - RIGHT) - start);
      return tag(
        "g",
        {},
        tag("title", {}, escapeHtml(`${key}: ${value}`)),
        tag("rect", {
          ...{ x: start, y, width, height: BAR, rx: 4, fill: paint.fill(hueOf) },
          ...{ stroke: hue(hueOf), "stroke-width": 1.5 },
        }),
        label(value, { x: start + 4, y: y + 4, room: Math.floor((width - 12) / 7) }),
      );
    }),
  );
}

/** Words on a patterned bar, on a page of their own so that they can be read. */
function label(
  value: string,
  { x, y, room }: { readonly x: number; readonly y: number; readonly room: number },
): string {
  if (room < 1) return "";
  const words = cut(value, room), box = { width: words.length * 7 + 6, height: 18, rx: 4 };
  const page = { fill: "var(--taxi-page)", "fill-opacity": 0.85 };
  return tag("rect", { x, y, ...box, ...page }) +
    tag("text", { x: x + 3, y: y + 13, "font-size": 12 }, escapeHtml(words));
}

/** Where the row that was found begins, if it is not the one that stood there at the record's time. */
function elsewhere({ key, timeMs, found }: Lookup, rows: readonly LookupRow[]): number | undefined {
  const mine = rowsInTime(rows, key);
  if (found === null || mine.findLast((row) => row.timeMs <= timeMs)?.value === found) return;
  return mine.findLast(({ value }) => value === found)?.timeMs;
}

function arrow(one: Lookup, rows: readonly LookupRow[], { x, y }: Scale): string {
  const { key, timeMs, label, found } = one, other = elsewhere(one, rows);
  const at = x(timeMs), to = other === undefined ? at : x(other) + 8;
  const end = y(key) + (found === null ? BAR / 2 - 7 : -2);
  const color = found === null ? "var(--taxi-bad)" : "var(--taxi-text)";
  const head = found === null
    ? `M${to - 5},${end + 2}l10,10M${to - 5},${end + 12}l10,-10`
    : `M${to - 4},${end - 7}L${to},${end}L${to + 4},${end - 7}`;
  return tag(
    "g",
    {},
    tag("title", {}, escapeHtml(`${label}: ${found ?? "no row"}`)),
    tag("path", {
      d: `M${at},${STREAM + 6}L${to},${end}`,
      ...{ fill: "none", stroke: color, "stroke-width": 1.6 },
      ...(found === null ? { "stroke-dasharray": "5 4" } : {}),
    }),
    tag("path", { d: head, fill: "none", stroke: color, "stroke-width": 2.2 }),
    tag("circle", { cx: at, cy: STREAM, r: 6, fill: "var(--taxi-page)", stroke: color }),
    tag("text", {
      ...{ x: at, y: STREAM - 12, "font-size": 12, "text-anchor": "middle" },
    }, escapeHtml(cut(label, 12))),
  );
}

function asText({ rows, records }: Lookups, time: (timeMs: number) => string): string {
  const told = rows.map(({ key, timeMs, value }) =>
    `${time(timeMs)}: row ${key} ${value === null ? "is deleted" : `is ${value}`}`
  );
  const asked = records.map(({ key, timeMs, label, found }) =>
    `${time(timeMs)}: ${label} looks up ${key} and finds ${found ?? "no row"}`
  );
  return [...told, ...asked].join("\n");
}
