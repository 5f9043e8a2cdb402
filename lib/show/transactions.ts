import { cut, escapeHtml, tag } from "./markup.ts";
import { fills } from "./pattern.ts";
import { type Picture, picture } from "./picture.ts";
import { drawing, frame, hue } from "./theme.ts";

/** A record in a log with transactions. */
export interface LoggedRecord {
  /** Its place in the log. */
  readonly offset: number;
  /** What to write in it; a few letters. */
  readonly label: string;
  /** Whether a read-committed reader gets it. */
  readonly committed: boolean;
}

/** A log with the markers that end its transactions, one transaction after the other. */
export interface TransactionLog {
  /** Name of the log. */
  readonly log: string;
  /** In the order of their offsets; an offset between them that none has is a marker's. */
  readonly records: readonly LoggedRecord[];
  /** The offset that the next record will get. */
  readonly end: number;
  /** The last stable offset: read-committed readers get no further. */
  readonly stable: number;
}

/** An offset of the log, and what stands there. */
interface Entry {
  readonly offset: number;
  readonly kind: "committed" | "aborted" | "open" | "commit" | "abort";
  readonly label: string;
}

const WIDTH = 556, SIDE = 16, TOP = 34, HIGH = 34, WIDE = { least: 34, most: 92 };
/** Entries of one drawing, the last ones; more would not be read. */
const MOST = 15;

const SIGNS = { committed: "✓", aborted: "✕", open: "…", commit: "✓", abort: "✕" } as const;

/**
 * A log with its transactions: records, the markers that say commit or abort, and the last stable offset as a line.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { transactionsView } from "./transactions.ts";
 * const records = [{ offset: 0, label: "a", committed: true }, { offset: 2, label: "b", committed: false }];
 * const view = transactionsView({ log: "counts", records, end: 3, stable: 2 });
 * assert.equal(view.text, "counts: end 3, last stable offset 2\n0 a: committed\n1 marker: commit\n2 b: open");
 * ```
 */
export function transactionsView(
  data: TransactionLog,
  { title }: { readonly title?: string } = {},
): Picture {
  const { log, end, stable } = data, all = entriesOf(data), entries = all.slice(-MOST);
  const text = [
    `${log}: end ${end}, last stable offset ${stable}`,
    ...all.map(({ offset, kind, label }) =>
      isMarker(kind) ? `${offset} marker: ${kind}` : `${offset} ${label}: ${kind}`
    ),
  ].join("\n");
  const room = (WIDTH - 2 * SIDE) / Math.max(1, entries.length + 1);
  const wide = Math.min(WIDE.most, Math.max(WIDE.least, room));
  const first = entries[0]?.offset ?? end;
  const x = (offset: number) => SIDE + (Math.max(offset, first) - first) * wide;
  const paint = fills(1, `transactions ${log}`);
  const body = drawing(
    { width: WIDTH, height: TOP + HIGH + 62, label: text.replaceAll("\n", "; ") },
    paint.defs,
    tag(
      "text",
      { x: SIDE, y: 15, "font-size": 12.5, "font-weight": 600 },
      escapeHtml(cut(log, 60)),
    ),
    ...entries.map((one) => box(one, { x: x(one.offset), wide, fill: paint.fill(0) })),
    flag(x(stable), `last stable offset ${stable}: read committed stops here`, TOP + HIGH + 34),
    flag(x(end), `end ${end}: the next record`, TOP + HIGH + 54),
  );
  const more = all.length - entries.length;
  const note = (more > 0 ? `… ${more} earlier offsets · ` : "") +
    "✓ committed · ✕ aborted · … open, no marker yet · a round box is a marker";
  return picture(frame(body, { kind: "transactions", title, note }), text);
}

const isMarker = (kind: Entry["kind"]) => kind === "commit" || kind === "abort";

function entriesOf({ records, end, stable }: TransactionLog): Entry[] {
  const byOffset = new Map(records.map((one) => [one.offset, one]));
  const first = Math.min(records[0]?.offset ?? end, end);
  let last: LoggedRecord | undefined;
  return Array.from({ length: end - first }, (_, at): Entry => {
    const offset = first + at, record = byOffset.get(offset);
    if (record === undefined) {
      return { offset, kind: last?.committed ? "commit" : "abort", label: "" };
    }
    last = record;
    const { label, committed } = record;
    return { offset, label, kind: committed ? "committed" : offset >= stable ? "open" : "aborted" };
  });
}

function box(
  { offset, kind, label }: Entry,
  { x, wide, fill }: { readonly x: number; readonly wide: number; readonly fill: string },
): string {
  const lost = kind === "aborted" || kind === "abort", marker = isMarker(kind);
  const words = cut(marker ? kind : label, Math.floor((wide - 8) / 6.6));
  const middle = { x: x + wide / 2, "text-anchor": "middle" };
  return tag(
    "g",
    {},
    tag(
      "title",
      {},
      escapeHtml(`offset ${offset}: ${marker ? `marker, ${kind}` : `${label}, ${kind}`}`),
    ),
    tag("rect", {
      ...{ x: x + 1, y: TOP, width: wide - 2, height: HIGH, rx: marker ? HIGH / 2 : 3 },
      fill: kind === "committed" || kind === "commit" ? fill : "var(--taxi-page)",
      stroke: lost ? "var(--taxi-bad)" : kind === "open" ? "var(--taxi-soft)" : hue(0),
      ...{
        "stroke-width": 1.5,
        "stroke-dasharray": kind === "open" ? "2 3" : lost ? "6 3" : undefined,
      },
    }),
    tag("text", { ...middle, y: TOP + 15, "font-size": 12 }, escapeHtml(words)),
    tag("text", { ...middle, y: TOP + 29, "font-size": 11 }, SIGNS[kind]),
    tag("text", { ...middle, y: TOP + HIGH + 14, "font-size": 11, class: "soft" }, `${offset}`),
  );
}

/** A line down the log, with words on the side where there is room. */
function flag(x: number, words: string, y: number): string {
  const right = x < WIDTH / 2;
  return tag("path", {
    d: `M${x},${TOP - 6}V${y}`,
    stroke: "var(--taxi-text)",
    "stroke-width": 2,
  }) +
    tag("text", {
      ...{ x: x + (right ? 6 : -6), y, "font-size": 12, "text-anchor": right ? "start" : "end" },
    }, escapeHtml(words));
}
