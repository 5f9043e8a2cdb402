import { cut, escapeHtml, tag } from "./markup.ts";
import { type Picture, picture } from "./picture.ts";
import { drawing, frame, hue } from "./theme.ts";

/** One file of a partition. */
export interface LogFile {
  /** Its name: the offset at which it begins. */
  readonly firstOffset: number;
  /** The offset at which the next file begins. */
  readonly endOffset: number;
  /** Offsets of the records that are in it. */
  readonly offsets: readonly number[];
  /** Written to now: the last one. @default false */
  readonly active?: boolean;
}

/** The files of a partition at one moment. */
export interface LogFiles {
  /** Written before it: "before", "after". */
  readonly label: string;
  /** In the order of their offsets. */
  readonly files: readonly LogFile[];
}

const WIDTH = 556, LEFT = 92, RIGHT = 12, TOP = 10, ROW = 58, BAR = 26;
/** Rows of one drawing, and offsets of which each has a stroke of its own. */
const MOST = 8, MOST_OFFSETS = 130;

/**
 * Files of a partition as boxes along the offsets, each record that is in one as a stroke; one row for each moment.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { filesView } from "./files.ts";
 * const file = { firstOffset: 0, endOffset: 3, offsets: [2] };
 * const view = filesView([{ label: "after", files: [file, { firstOffset: 3, endOffset: 4, offsets: [3], active: true }] }]);
 * assert.equal(view.text, "after: 0–2 with 1 record, 3–3 with 1 record (active)");
 * ```
 */
export function filesView(
  moments: readonly LogFiles[],
  { title }: { readonly title?: string } = {},
): Picture {
  const rows = moments.slice(0, MOST), all = rows.flatMap(({ files }) => files);
  const begin = Math.min(...all.map(({ firstOffset }) => firstOffset));
  const end = Math.max(...all.map(({ endOffset }) => endOffset), begin + 1);
  const x = (offset: number) => LEFT + (offset - begin) / (end - begin) * (WIDTH - LEFT - RIGHT);
  const text = moments.map(({ label, files }) =>
    `${label}: ${files.map(inWords).join(", ") || "no file"}`
  ).join("\n");
  const fine = end - begin <= MOST_OFFSETS;
  const height = TOP + rows.length * ROW;
  const body = drawing(
    { width: WIDTH, height, label: text.replaceAll("\n", "; ") },
    ...rows.map(({ label, files }, at) =>
      tag(
        "g",
        { transform: `translate(0 ${TOP + at * ROW})` },
        tag(
          "text",
          { x: LEFT - 10, y: 18, "text-anchor": "end", "font-size": 12.5, "font-weight": 600 },
          escapeHtml(cut(label, 12)),
        ),
        ...files.map((file) => box(file, { x, fine })),
      )
    ),
  );
  const note = "a box: a file, with the offset it begins at · a stroke: a record that is in it" +
    (all.some(({ active }) => active) ? " · dashed: the file that is written to" : "");
  return picture(frame(body, { kind: "files", title, note }), text);
}

function inWords({ firstOffset, endOffset, offsets, active }: LogFile): string {
  const count = `${offsets.length} ${offsets.length === 1 ? "record" : "records"}`;
  const span = endOffset > firstOffset ? `${firstOffset}–${endOffset - 1}` : `${firstOffset}`;
  return `${span} with ${count}${active ? " (active)" : ""}`;
}

function box(
  { firstOffset, endOffset, offsets, active = false }: LogFile,
  { x, fine }: { readonly x: (offset: number) => number; readonly fine: boolean },
): string {
  const left = x(firstOffset), width = Math.max(4, x(endOffset) - left - 2);
  const strokes = offsets.map((offset) => {
    const place = (x(offset) + x(offset + 1)) / 2 - 1;
    return `M${Math.round(place * 10) / 10},5v${BAR - 10}`;
  });
  const share = endOffset > firstOffset ? offsets.length / (endOffset - firstOffset) : 0;
  return tag(
    "g",
    {},
    tag("title", {}, inWords({ firstOffset, endOffset, offsets, active })),
    tag("rect", {
      ...{ x: left, y: 0, width, height: BAR, rx: 4 },
      ...{ fill: "var(--taxi-wash)", stroke: active ? hue(1) : "var(--taxi-soft)" },
      ...(active ? { "stroke-dasharray": "4 3", "stroke-width": 1.6 } : {}),
    }),
    // Where strokes would run together, the share of the offsets that are there fills the box from below.
    fine && strokes.length > 0
      ? tag("path", { d: strokes.join(""), stroke: hue(0), "stroke-width": 2, fill: "none" })
      : "",
    fine ? "" : tag("rect", {
      ...{ x: left + 2, y: 2 + (BAR - 4) * (1 - share), width: Math.max(1, width - 4) },
      ...{ height: (BAR - 4) * share, fill: hue(0), opacity: 0.55 },
    }),
    width < 8 * `${firstOffset}`.length ? "" : tag(
      "text",
      { x: left, y: BAR + 14, "font-size": 11, class: "mono soft" },
      `${firstOffset}`,
    ),
  );
}
