import { cut, escapeHtml, tag } from "./markup.ts";
import { type Picture, picture } from "./picture.ts";
import { rowsOf } from "./rows.ts";
import { drawing, frame, hue } from "./theme.ts";
import { fills } from "./pattern.ts";

/** How far a group is behind in one partition. */
export interface PartitionLag {
  /** Where the partition belongs. */
  readonly topic: string;
  /** Its number, from 0. */
  readonly partition: number;
  /** The next offset to read; null when the group never committed here. */
  readonly committed: number | null;
  /** The offset the next record will get. */
  readonly end: number;
  /** `end − committed`, in records. */
  readonly lag: number;
  /** Readable name of who reads it; null or left out when nobody does. */
  readonly member?: string | null;
}

const WIDTH = 320, LEFT = 210, ROW = 34;
/** Partitions of one drawing. */
const MOST_ROWS = 120;

/**
 * Lag as bars: what is committed is solid, what is still to be read is hatched, and the numbers are written.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { lagView } from "./lag.ts";
 * const one = { topic: "rides", partition: 0, committed: 40, end: 100, lag: 60, member: "a" };
 * assert.equal(lagView([one]).text, "rides-0 · committed 40 · end 100 · lag 60 · a");
 * ```
 */
export function lagView(
  given: readonly PartitionLag[],
  { title }: { readonly title?: string } = {},
): Picture {
  const rows = rowsOf(given, "lag") as readonly object[] as readonly PartitionLag[];
  const shown = rows.slice(0, MOST_ROWS), more = rows.length - shown.length;
  const most = shown.reduce((end, row) => Math.max(end, row.end), 1);
  const paint = fills(2, "lag");
  const text = shown.map(line).join("\n") || "no partitions";
  const bars = shown.map((row, at) => {
    const done = (Math.max(0, row.end - row.lag) / most) * WIDTH;
    const rest = (row.lag / most) * WIDTH;
    const name = `${cut(row.topic, 24)}-${row.partition}`;
    const numbers = row.lag === 0 ? `${row.end} · nothing left` : `${row.end} · lag ${row.lag}`;
    return tag(
      "g",
      { transform: `translate(0 ${at * ROW})` },
      tag("title", {}, escapeHtml(line(row))),
      tag(
        "text",
        { x: LEFT - 12, y: 15, "text-anchor": "end", "font-size": 12.5 },
        escapeHtml(name),
      ),
      tag(
        "text",
        { x: LEFT - 12, y: 28, "text-anchor": "end", "font-size": 11, class: "soft" },
        escapeHtml(cut(row.member ?? "nobody reads", 26)),
      ),
      tag("rect", { x: LEFT, y: 5, width: WIDTH, height: 18, rx: 4, fill: "var(--taxi-wash)" }),
      tag("rect", {
        x: LEFT,
        y: 5,
        width: done,
        height: 18,
        rx: 4,
        fill: hue(2),
        "fill-opacity": 0.85,
      }),
      tag("rect", {
        x: LEFT + done,
        y: 5,
        width: rest,
        height: 18,
        rx: 4,
        fill: paint.fill(1),
        stroke: rest > 0 ? hue(1) : "none",
        "stroke-width": 1.2,
      }),
      tag(
        "text",
        { x: LEFT + WIDTH + 12, y: 19, "font-size": 12.5, class: "mono" },
        escapeHtml(numbers),
      ),
    );
  });
  const canvas = {
    width: LEFT + WIDTH + 190,
    height: shown.length * ROW + 2,
    label: text.replaceAll("\n", "; "),
  };
  const note = "solid: committed · hatched: lag, still to be read" +
    (more > 0 ? ` · … and ${more.toLocaleString("en")} more partitions` : "");
  return picture(frame(drawing(canvas, paint.defs, ...bars), { kind: "lag", title, note }), text);
}

function line(row: PartitionLag): string {
  const who = row.member === undefined || row.member === null ? "" : ` · ${row.member}`;
  return `${row.topic}-${row.partition} · committed ${
    row.committed ?? "nothing"
  } · end ${row.end} · lag ${row.lag}${who}`;
}
