import { cut, escapeHtml, tag } from "./markup.ts";
import { type Fills, fills } from "./pattern.ts";
import { type Picture, picture } from "./picture.ts";
import { drawing, frame, hue } from "./theme.ts";

/** One member owned one partition from `from` until `to`; Unix epoch milliseconds, half-open. */
export interface Span {
  /** One of the timeline's `partitions`. */
  readonly partition: string;
  /** One of the timeline's `members`. */
  readonly member: string;
  /** Unix epoch ms, included. */
  readonly from: number;
  /** Unix epoch ms, not included. */
  readonly to: number;
}

/** Who owned what, when. */
export interface Timeline {
  /** Left edge, Unix epoch ms; the axis counts from here. */
  readonly from: number;
  /** Right edge, Unix epoch ms. */
  readonly to: number;
  /** Rows, from top to bottom; a name such as "rides-0". */
  readonly partitions: readonly string[];
  /** Every member, idle ones too; each gets a fill of its own. */
  readonly members: readonly string[];
  /** Bars; those of one partition do not overlap. */
  readonly spans: readonly Span[];
  /** Moments worth a word: a member joins, a member is killed. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
}

const WIDTH = 520;
/** Height of a row; lower ones where there are many, so that several timelines fit on a screen. */
const ROW = 40, LOW_ROW = 24, MANY = 8;
const NOTE = "an empty stretch: nobody read the partition then";

/**
 * Rebalances over time: one row a partition, one bar per owner; a gap is time in which nobody read it.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { timeline } from "./timeline.ts";
 * const spans = [{ partition: "rides-0", member: "a", from: 0, to: 2_000 }];
 * const view = timeline({ from: 0, to: 4_000, partitions: ["rides-0"], members: ["a"], spans });
 * assert.equal(view.text, "rides-0 · a 0.0–2.0 s");
 * ```
 */
export function timeline(
  data: Timeline,
  { title, note = NOTE }: {
    readonly title?: string;
    /** What an empty stretch means. @default that nobody read the partition then */
    readonly note?: string;
  } = {},
): Picture {
  const left = 26 + 7.2 * Math.max(6, ...data.partitions.map((name) => Math.min(24, name.length)));
  const span = Math.max(1, data.to - data.from);
  const x = (ms: number) =>
    left + ((Math.min(Math.max(ms, data.from), data.to) - data.from) / span) * WIDTH;
  const marks = data.marks ?? [];
  const top = marks.length === 0 ? 4 : 12 + 15 * Math.min(3, marks.length);
  const paint = fills(data.members.length, JSON.stringify(data.members));
  const text = asText(data);
  const row = data.partitions.length > MANY ? LOW_ROW : ROW;
  const height = 0.7 * row, middle = row / 8 + height / 2;
  const bottom = top + data.partitions.length * row;
  const canvas = {
    width: left + WIDTH + 60,
    height: bottom + 26,
    label: text.replaceAll("\n", "; "),
  };
  const rows = data.partitions.map((partition, at) => {
    const mine = data.spans.filter((one) => one.partition === partition);
    return tag(
      "g",
      { transform: `translate(0 ${top + at * row})` },
      tag("text", {
        x: left - 14,
        y: middle + 5,
        "text-anchor": "end",
        "font-size": 12.5,
        "font-weight": 600,
      }, escapeHtml(cut(partition, 24))),
      tag("rect", {
        x: left,
        y: middle - height / 2,
        width: WIDTH,
        height,
        rx: 5,
        fill: "var(--taxi-wash)",
        stroke: "var(--taxi-line)",
      }),
      ...mine.map((one) => bar(one, { x, data, paint, height, middle })),
    );
  });
  const body = drawing(
    canvas,
    paint.defs,
    ...axis(data, { x, bottom }),
    ...rows,
    ...marks.map((mark, at) => moment(mark, { at, x, bottom, from: data.from, to: data.to })),
  );
  return picture(frame(body, { kind: "timeline", title, note }), text);
}

interface Scale {
  readonly x: (ms: number) => number;
}

/** Where a bar is drawn, and how. */
interface BarPlace extends Scale {
  readonly data: Timeline;
  readonly paint: Fills;
  readonly height: number;
  readonly middle: number;
}

function bar(one: Span, { x, data, paint, height, middle }: BarPlace): string {
  const index = Math.max(0, data.members.indexOf(one.member));
  const start = x(one.from), width = Math.max(1.5, x(one.to) - start);
  const room = Math.floor((width - 12) / 7), plate = Math.min(19, height - 3);
  const label = room < 1 ? "" : cut(one.member, room);
  return tag(
    "g",
    {},
    tag(
      "title",
      {},
      escapeHtml(
        `${one.partition}: ${one.member}, ${seconds(one.from, data)}–${seconds(one.to, data)} s`,
      ),
    ),
    tag("rect", {
      x: start,
      y: middle - height / 2,
      width,
      height,
      rx: 5,
      fill: paint.fill(index),
      stroke: hue(index),
      "stroke-width": 1.5,
    }),
    label === "" ? "" : tag("rect", {
      x: start + 5,
      y: middle - plate / 2,
      width: label.length * 7 + 8,
      height: plate,
      rx: 4,
      fill: "var(--taxi-page)",
      "fill-opacity": 0.85,
    }),
    label === "" ? "" : tag(
      "text",
      { x: start + 9, y: middle + 4.5, "font-size": 12, "font-weight": 600 },
      escapeHtml(label),
    ),
  );
}

function axis(data: Timeline, { x, bottom }: Scale & { readonly bottom: number }): string[] {
  const step = tick((data.to - data.from) / 1000);
  const count = Math.floor((data.to - data.from) / 1000 / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => {
    const place = x(data.from + at * step * 1000);
    return tag("text", {
      x: place,
      y: bottom + 18,
      "font-size": 11,
      "text-anchor": "middle",
      class: "soft",
    }, `${Math.round(at * step * 100) / 100} s`);
  });
}

/** The smallest of 1, 2 and 5 times a power of ten that gives at most eight steps. */
function tick(seconds: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(seconds, 0.01) / 8));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => seconds / step <= 8)!;
}

type Edges = Pick<Timeline, "from" | "to">;

function moment(
  mark: { readonly at: number; readonly label: string },
  { at, x, bottom, from, to }: Scale & Edges & { readonly at: number; readonly bottom: number },
): string {
  const place = x(mark.at), y = 12 + 15 * (at % 3), late = 2 * mark.at > from + to;
  return tag(
    "g",
    {},
    tag("path", {
      d: `M${place},${y - 8}V${bottom}`,
      stroke: "var(--taxi-text)",
      "stroke-width": 1.2,
      "stroke-dasharray": "3 3",
      fill: "none",
    }),
    // Words stand on the side where there is room for them.
    tag(
      "text",
      {
        x: place + (late ? -5 : 5),
        y,
        "font-size": 11.5,
        "text-anchor": late ? "end" : undefined,
      },
      escapeHtml(cut(mark.label, 40)),
    ),
  );
}

function seconds(ms: number, data: Timeline): string {
  return ((ms - data.from) / 1000).toFixed(1);
}

function asText(data: Timeline): string {
  const rows = data.partitions.map((partition) => {
    const mine = data.spans.filter((one) => one.partition === partition);
    const told = mine.map((one) =>
      `${one.member} ${seconds(one.from, data)}–${seconds(one.to, data)} s`
    );
    return `${partition} · ${told.join(", ") || "nobody"}`;
  });
  const marks = (data.marks ?? []).map((mark) => `${seconds(mark.at, data)} s: ${mark.label}`);
  return [...rows, ...marks].join("\n");
}
