import { cut, escapeHtml, tag } from "./markup.ts";
import { type Fills, fills } from "./pattern.ts";
import { type Picture, picture } from "./picture.ts";
import { drawing, frame, hue } from "./theme.ts";

/** A record of one of two streams that are joined. */
export interface Joining {
  /** Records of equal key can meet. */
  readonly key: string;
  /** Event time, in ms. */
  readonly timeMs: number;
}

/** Two streams, and how far apart in time their records may be. */
export interface JoinedStreams {
  /** Records of the left stream. */
  readonly left: readonly Joining[];
  /** Records of the right stream. */
  readonly right: readonly Joining[];
  /** A right record may be this much older than the left one. @default 0 */
  readonly beforeMs?: number;
  /** A right record may be this much newer than the left one. @default 0 */
  readonly afterMs?: number;
}

/** How to draw a join of two streams. */
export interface JoinWindowOptions {
  /** Written above. */
  readonly title?: string;
  /** How to write a time on the axes. @default the number */
  readonly time?: (timeMs: number) => string;
}

interface Pair {
  readonly key: string;
  readonly left: number;
  readonly right: number;
  readonly joined: boolean;
}

/** Places on the drawing. */
interface Scale {
  readonly x: (ms: number) => number;
  readonly y: (ms: number) => number;
  readonly from: number;
  readonly to: number;
}

const WIDTH = 556, LEFT = 84, TOP = 14, SIDE = 300, ALONE = 26, WORDS = LEFT + SIDE + 18;
/** Points of one drawing. */
const MOST_PAIRS = 400;

/**
 * Which records of two streams meet: left times from left to right, right times from bottom to top, and the join's window as
 * the band between two diagonals.
 *
 * Records of equal key make a point, which is joined if it lies in the band. A left record without a partner stands below.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { joinWindowView } from "./join_window.ts";
 * const view = joinWindowView({
 *   left: [{ key: "a", timeMs: 0 }, { key: "b", timeMs: 10 }, { key: "c", timeMs: 20 }],
 *   right: [{ key: "a", timeMs: 5 }, { key: "b", timeMs: 40 }],
 *   afterMs: 10,
 * });
 * assert.equal(view.text, "1 pair in the window, 1 outside, 1 left record without a partner");
 * ```
 */
export function joinWindowView(data: JoinedStreams, options: JoinWindowOptions = {}): Picture {
  const { title, time = String } = options, { beforeMs = 0, afterMs = 0 } = data;
  const pairs = pairsOf(data), partners = new Set(data.right.map(({ key }) => key));
  const alone = data.left.filter(({ key }) => !partners.has(key));
  const joined = pairs.filter((one) => one.joined).length;
  const text = `${count(joined, "pair")} in the window, ${pairs.length - joined} outside, ` +
    `${count(alone.length, "left record")} without a partner`;
  const times = [...data.left, ...data.right].map(({ timeMs }) => timeMs);
  const from = times.reduce((a, b) => Math.min(a, b), Infinity);
  const to = Math.max(from + 1, times.reduce((a, b) => Math.max(a, b), -Infinity));
  const place = (ms: number) => ((ms - from) / (to - from)) * SIDE;
  const scale = {
    ...{ from, to, x: (ms: number) => LEFT + place(ms) },
    y: (ms: number) => TOP + SIDE - place(ms),
  };
  const paint = fills(1, "join");
  // Some of all times, not all of the first.
  const every = Math.ceil(pairs.length / MOST_PAIRS);
  const drawn = pairs.filter((_, at) => at % every === 0);
  const body = drawing(
    { width: WIDTH, height: TOP + SIDE + ALONE + 22, label: text },
    paint.defs,
    tag("rect", {
      ...{ x: LEFT, y: TOP, width: SIDE, height: SIDE },
      ...{ fill: "none", stroke: "var(--taxi-line)" },
    }),
    band(scale, { beforeMs, afterMs, paint }),
    ...drawn.map((one) => point(one, scale)),
    ...alone.slice(0, MOST_PAIRS).map((one) => lonely(one, scale)),
    ...axes(scale, time),
    ...legend([
      ["●", "joined", joined],
      ["✕", "too far apart", pairs.length - joined],
      ["▽", "no partner", alone.length],
    ]),
  );
  const more = pairs.length - drawn.length;
  const note = (more > 0 ? `… and ${more} more pairs · ` : "") +
    "left record's time → · right record's time ↑ · band: the join's window";
  return picture(frame(body, { kind: "join", title, note }), text);
}

function pairsOf({ left, right, beforeMs = 0, afterMs = 0 }: JoinedStreams): Pair[] {
  const byKey = Map.groupBy(right, ({ key }) => key);
  return left.flatMap(({ key, timeMs }) =>
    (byKey.get(key) ?? []).map((other) => ({
      ...{ key, left: timeMs, right: other.timeMs },
      joined: other.timeMs >= timeMs - beforeMs && other.timeMs <= timeMs + afterMs,
    }))
  );
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? "" : "s"}`;
}

/** The band where right − left is between −before and after, cut to the square. */
function band(
  { x, y, from, to }: Scale,
  { beforeMs, afterMs, paint }: {
    readonly beforeMs: number;
    readonly afterMs: number;
    readonly paint: Fills;
  },
): string {
  const inside = (ms: number) => Math.min(to, Math.max(from, ms));
  // Along the lower border from left to right, back along the upper one; corners where a border leaves the square.
  const along = (shift: number) => {
    const start = inside(from - shift), end = inside(to - shift);
    return [from, start, end, to].map((ms) => `${x(ms)},${y(inside(ms + shift))}`);
  };
  const path = [...along(-beforeMs), ...along(afterMs).reverse()];
  return tag("path", {
    d: `M${path.join("L")}Z`,
    ...{ fill: paint.fill(0), stroke: hue(0), "stroke-opacity": 0.5 },
  });
}

function point({ key, left, right, joined }: Pair, { x, y }: Scale): string {
  const cx = x(left), cy = y(right);
  const mark = joined
    ? tag("circle", { cx, cy, r: 3.4, fill: "var(--taxi-good)", stroke: "var(--taxi-page)" })
    : tag("path", {
      d: `M${cx - 4},${cy - 4}l8,8M${cx - 4},${cy + 4}l8,-8`,
      ...{ stroke: "var(--taxi-bad)", "stroke-width": 2 },
    });
  return tag("g", {}, tag("title", {}, escapeHtml(key)), mark);
}

function lonely({ key, timeMs }: Joining, { x }: Scale): string {
  const at = x(timeMs), y = TOP + SIDE + 8;
  return tag(
    "path",
    {
      d: `M${at - 4.5},${y}h9l-4.5,8z`,
      ...{ fill: "none", stroke: "var(--taxi-bad)", "stroke-width": 1.6 },
    },
    tag("title", {}, escapeHtml(key)),
  );
}

function axes({ x, y, from, to }: Scale, time: (timeMs: number) => string): string[] {
  const middle = (from + to) / 2, words = (ms: number) => escapeHtml(cut(time(ms), 11));
  const soft = { "font-size": 11, class: "soft" };
  const below = TOP + SIDE + ALONE + 12;
  return [from, middle, to].flatMap((ms, at) => [
    tag(
      "text",
      { x: x(ms), y: below, "text-anchor": ["start", "middle", "end"][at], ...soft },
      words(ms),
    ),
    tag("text", { x: LEFT - 8, y: y(ms) + 4, "text-anchor": "end", ...soft }, words(ms)),
  ]);
}

function legend(rows: readonly (readonly [string, string, number])[]): string[] {
  return rows.map(([sign, words, number], at) =>
    tag(
      "text",
      { x: WORDS, y: TOP + 20 + at * 22, "font-size": 12.5 },
      `${sign} ${words}: ${number}`,
    )
  );
}
