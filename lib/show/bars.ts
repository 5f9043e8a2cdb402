import {
  type ChartOptions,
  type ChartRow,
  chartRows,
  flatDomain,
  leftOf,
  legend,
  seriesOf,
} from "./chart_rows.ts";
import { cut, escapeHtml, tag } from "./markup.ts";
import { type Fills, fills } from "./pattern.ts";
import type { Picture } from "./picture.ts";
import { Plot, plot, type PlotLook, type PlotOptions } from "./plot.ts";
import { hue, WIDEST } from "./theme.ts";

/**
 * Counts as bars with their numbers written on them; bars with long names lie, so that they can be read.
 *
 * One bar for each `x` (and series): where several rows have it, the last one counts, as in a table's updates, and the
 * picture says so. A row without a value has no bar.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { bars } from "./bars.ts";
 * const trips = [{ vendor: "1", trips: 12 }, { vendor: "2", trips: 3 }];
 * assert.equal(bars(trips, { x: "vendor", y: "trips" }).text, "1: 12\n2: 3");
 * ```
 * @throws {TypeError} If no row has the property that `x`, `y` or `series` names.
 */
export function bars(rows: Iterable<unknown>, options: ChartOptions): Picture {
  const all = latest(chartRows(rows, options)), sets = seriesOf(all.slice(0, MOST_BARS));
  const data = all.slice(0, MOST_BARS);
  const name = (row: ChartRow) =>
    row.series === undefined ? `${row.x}` : `${row.x} / ${row.series}`;
  const text = data.map((row) => `${name(row)}: ${row.exact ?? "–"}`).join("\n") || "no rows";
  const look = { title: options.title, text, below: notes(data, { options, all }) };
  if (sets.length > 0) return grouped(data, { options, look, sets });
  const longest = Math.max(0, ...data.map((row) => String(row.x).length));
  return longest > 12 ? lying(data, { options, look, longest }) : standing(data, { options, look });
}

interface Job {
  readonly options: ChartOptions;
  readonly look: PlotLook & { readonly below: string };
}

const MOST_BARS = 100;

/** A row as a bar: one that a later row of the same name replaces has no height. */
interface Bar extends ChartRow {
  readonly x: string | number;
  readonly replaced: boolean;
}

function latest(rows: readonly ChartRow[]): readonly Bar[] {
  const days = rows.every(({ x }) => !(x instanceof Date) || x.getTime() % 86_400_000 === 0);
  const named = rows.map((row) => ({ ...row, x: nameOf(row.x, days) }));
  const key = ({ x, series }: ChartRow) => `${typeof x} ${x}\n${series ?? ""}`;
  const last = new Map(named.map((row, at) => [key(row), at]));
  return named.map((row, at) => ({ ...row, replaced: last.get(key(row)) !== at }));
}

/** Dates as the day, or as day and time. */
function nameOf(x: string | number | Date, days: boolean): string | number {
  if (!(x instanceof Date)) return x;
  const text = x.toISOString();
  return days ? text.slice(0, -14) : text.replace("T", " ").replace(/(?::00)?\.000Z$|Z$/, "");
}

function notes(
  data: readonly Bar[],
  { options, all }: { readonly options: ChartOptions; readonly all: readonly Bar[] },
): string {
  const replaced = data.filter((row) => row.replaced).length, more = all.length - data.length;
  const told = [
    replaced === 0 ? "" : `${replaced} rows are not drawn: a later one has the same ${options.x}`,
    more === 0 ? "" : `… and ${more.toLocaleString("en")} more rows`,
  ].filter((text) => text !== "");
  return told.map((text) => tag("div", { class: "taxi-note" }, escapeHtml(text))).join("");
}

const number = (row: Bar) => row.replaced ? "" : row.exact === null ? "–" : written(row.exact);
/** What rounds to zero at three digits behind the point is not zero. */
const written = (y: number | bigint) =>
  typeof y === "number" && y !== 0 && Math.abs(y) < 0.0005
    ? y.toPrecision(3)
    : y.toLocaleString("en");
/** From zero: Plot would stack rows of one name. */
const height = (row: Bar) => row.replaced || Number.isNaN(row.y) ? 0 : row.y;
const names = (rows: readonly Bar[]) => [...new Set(rows.map((row) => row.x))] as string[];
const plain = { fill: hue(0), fillOpacity: 0.82, rx: 3 };

function standing(data: readonly Bar[], { options, look }: Job): Picture {
  return plot({
    ...upright(data, options),
    x: { type: "band", label: options.x, domain: names(data), tickSize: 0 },
    marks: [
      Plot.barY(data, { x: "x", y1: 0, y2: height, ...plain }),
      Plot.text(data, { x: "x", y: height, text: number, dy: -8 }),
      Plot.ruleY([0]),
    ],
  }, look);
}

function grouped(
  data: readonly Bar[],
  { options, look, sets }: Job & { readonly sets: readonly string[] },
): Picture {
  const paint = fills(sets.length, JSON.stringify(sets));
  const at = (row: Bar) => sets.indexOf(row.series!);
  return plot({
    ...upright(data, options),
    fx: { label: options.x, domain: names(data) },
    x: { axis: null, domain: sets },
    marks: [
      Plot.barY(data, {
        fx: "x",
        x: "series",
        y1: 0,
        y2: height,
        fill: (row) => paint.fill(at(row)),
        stroke: (row) => hue(at(row)),
        rx: 3,
      }),
      Plot.text(data, { fx: "x", x: "series", y: height, text: number, dy: -8 }),
      Plot.ruleY([0]),
    ],
  }, { ...look, below: legend(sets, (index) => swatch(index, paint)) + look.below });
}

function upright(data: readonly ChartRow[], options: ChartOptions): PlotOptions {
  return {
    width: options.width ?? Math.max(320, Math.min(WIDEST, 70 + data.length * 72)),
    height: options.height ?? 240,
    marginTop: 30,
    marginBottom: 42,
    marginLeft: leftOf(data),
    y: { label: options.y, grid: true, ticks: 5, nice: true, ...flatDomain(data) },
  };
}

function lying(
  data: readonly Bar[],
  { options, look, longest }: Job & { readonly longest: number },
): Picture {
  const domain = names(data);
  return plot({
    width: options.width ?? 640,
    height: options.height ?? domain.length * 34 + 66,
    marginTop: 8,
    marginLeft: Math.min(320, longest * 7.2 + 16),
    marginRight: 60,
    marginBottom: 42,
    x: { label: options.y, ticks: 5, nice: true, ...flatDomain(data) },
    y: { label: null, domain, tickSize: 0, tickFormat: (text: string) => cut(text, 42) },
    marks: [
      Plot.barX(data, { x1: 0, x2: height, y: "x", ...plain }),
      Plot.text(data, { x: height, y: "x", text: number, dx: 6, textAnchor: "start" }),
      Plot.ruleX([0]),
    ],
  }, look);
}

/** The first swatch carries the definitions that the bars use, too. */
function swatch(index: number, paint: Fills): string {
  const fill = paint.fill(index);
  return tag(
    "svg",
    { width: 18, height: 14, "aria-hidden": "true" },
    index === 0 ? paint.defs : "",
    tag("rect", { x: 1, y: 1, width: 16, height: 12, rx: 3, fill, stroke: hue(index) }),
  );
}
