import { cut, escapeHtml, tag } from "./markup.ts";
import { type Picture, picture } from "./picture.ts";
import { drawing, frame, hue } from "./theme.ts";

/** Somebody's place in a log. */
export interface Position {
  /** Who stands there; a few words. */
  readonly label: string;
  /** The next offset to read or write. */
  readonly offset: number;
}

/** A log and the places in it. */
export interface Positions {
  /** Name of the log. */
  readonly log: string;
  /** First offset that is still there. @default 0 */
  readonly begin?: number;
  /** The offset that the next record will get. */
  readonly end: number;
  /** One row each, from top to bottom. */
  readonly positions: readonly Position[];
}

const WIDTH = 556, LEFT = 16, RIGHT = 16, TOP = 30, BAR = 22, ROW = 30;
/** Rows of one drawing; more would not be read. */
const MOST = 12;

/**
 * Places in a log: versions of a program over one topic, or a store, its checkpoint and its changelog.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { positionsView } from "./positions.ts";
 * const view = positionsView({ log: "rides", end: 300, positions: [{ label: "old", offset: 300 }, { label: "new", offset: 120 }] });
 * assert.equal(view.text, "rides: offsets 0 to 300\nold: 300, at the end\nnew: 120, 180 behind");
 * ```
 */
export function positionsView(
  data: Positions,
  { title }: { readonly title?: string } = {},
): Picture {
  const { log, begin = 0, end } = data, positions = data.positions.slice(0, MOST);
  const span = Math.max(1, end - begin), room = WIDTH - LEFT - RIGHT;
  const x = (offset: number) =>
    LEFT + (Math.min(Math.max(offset, begin), end) - begin) / span * room;
  const text = [
    `${log}: offsets ${begin} to ${end}`,
    ...data.positions.map(({ label, offset }) => `${label}: ${offset}, ${behind(end - offset)}`),
  ].join("\n");
  const bottom = TOP + BAR + positions.length * ROW;
  const soft = { "font-size": 11, class: "soft" };
  const body = drawing(
    { width: WIDTH, height: bottom + 10, label: text.replaceAll("\n", "; ") },
    tag(
      "text",
      { x: LEFT, y: 16, "font-size": 12.5, "font-weight": 600 },
      escapeHtml(cut(log, 60)),
    ),
    tag("text", { x: WIDTH - RIGHT, y: 16, "text-anchor": "end", ...soft }, `${begin} to ${end}`),
    tag("rect", {
      ...{ x: LEFT, y: TOP, width: room, height: BAR, rx: 4 },
      ...{ fill: "var(--taxi-wash)", stroke: "var(--taxi-line)" },
    }),
    ...boxes(begin, end, x),
    ...positions.map(({ offset }, at) => pole(x(offset), at)),
    ...positions.map((one, at) => label(one, { at, end, x: x(one.offset) })),
  );
  const more = data.positions.length - positions.length;
  const note = "each line: the next offset" + (more > 0 ? ` · … and ${more} more` : "");
  return picture(frame(body, { kind: "positions", title, note }), text);
}

function behind(lag: number): string {
  return lag <= 0 ? "at the end" : `${lag.toLocaleString("en")} behind`;
}

/** A stroke between records, where there are few enough to tell them apart. */
function boxes(begin: number, end: number, x: (offset: number) => number): string[] {
  if (end - begin > 80) return [];
  return Array.from(
    { length: end - begin - 1 },
    (_, at) =>
      tag("path", { d: `M${x(begin + at + 1)},${TOP}v${BAR}`, stroke: "var(--taxi-line)" }),
  );
}

const rowOf = (at: number) => TOP + BAR + at * ROW + 22;

function pole(x: number, at: number): string {
  return tag("path", {
    d: `M${x},${TOP - 4}V${rowOf(at)}`,
    ...{ stroke: hue(at), "stroke-width": 2, fill: "none" },
    ...(at % 2 === 1 ? { "stroke-dasharray": "5 3" } : {}),
  });
}

/** Words on the page's colour, so that the pole of another row does not cross them. */
function label(
  { label, offset }: Position,
  { at, end, x }: { readonly at: number; readonly end: number; readonly x: number },
): string {
  const y = rowOf(at), right = x < WIDTH / 2;
  const words = cut(`${label}: ${offset}, ${behind(end - offset)}`, 44);
  const width = words.length * 6.6 + 4;
  return tag("rect", {
    ...{ x: right ? x + 6 : x - 6 - width, y: y - 9, width, height: 18 },
    ...{ fill: "var(--taxi-page)" },
  }) + tag("circle", { cx: x, cy: y, r: 4, fill: hue(at) }) + tag("text", {
    ...{ x: x + (right ? 9 : -9), y: y + 4, "font-size": 12 },
    "text-anchor": right ? "start" : "end",
  }, escapeHtml(words));
}
