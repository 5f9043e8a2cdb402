import {
  type ChartOptions,
  type ChartRow,
  chartRows,
  leftOf,
  legend,
  seriesOf,
} from "./chart_rows.ts";
import { cut, tag } from "./markup.ts";
import { type Fills, fills } from "./pattern.ts";
import type { Picture } from "./picture.ts";
import { Plot, plot, type PlotLook, type PlotOptions } from "./plot.ts";
import { hue } from "./theme.ts";

/**
 * Counts as bars with their numbers written on them; bars with long names lie, so that they can be read.
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
export function bars(rows: readonly object[], options: ChartOptions): Picture {
  const data = chartRows(rows, options), sets = seriesOf(data);
  const name = (row: ChartRow) =>
    row.series === undefined ? `${row.x}` : `${row.x} / ${row.series}`;
  const text = data.map((row) => `${name(row)}: ${row.y}`).join("\n") || "no rows";
  const look = { title: options.title, text };
  if (sets.length > 0) return grouped(data, { options, look, sets });
  const longest = Math.max(0, ...data.map((row) => String(row.x).length));
  return longest > 12 ? lying(data, { options, look, longest }) : standing(data, { options, look });
}

interface Job {
  readonly options: ChartOptions;
  readonly look: PlotLook;
}

const number = (row: ChartRow) => row.y.toLocaleString("en");
const names = (rows: readonly ChartRow[]) => [...new Set(rows.map((row) => row.x))] as string[];
const plain = { fill: hue(0), fillOpacity: 0.82, rx: 3 };

function standing(data: readonly ChartRow[], { options, look }: Job): Picture {
  return plot({
    ...upright(data, options),
    x: { type: "band", label: options.x, domain: names(data), tickSize: 0 },
    marks: [
      Plot.barY(data, { x: "x", y: "y", ...plain }),
      Plot.text(data, { x: "x", y: "y", text: number, dy: -8 }),
      Plot.ruleY([0]),
    ],
  }, look);
}

function grouped(
  data: readonly ChartRow[],
  { options, look, sets }: Job & { readonly sets: readonly string[] },
): Picture {
  const paint = fills(sets.length, JSON.stringify(sets));
  const at = (row: ChartRow) => sets.indexOf(row.series!);
  return plot({
    ...upright(data, options),
    fx: { label: options.x, domain: names(data) },
    x: { axis: null, domain: sets },
    marks: [
      Plot.barY(data, {
        fx: "x",
        x: "series",
        y: "y",
        fill: (row) => paint.fill(at(row)),
        stroke: (row) => hue(at(row)),
        rx: 3,
      }),
      Plot.text(data, { fx: "x", x: "series", y: "y", text: number, dy: -8 }),
      Plot.ruleY([0]),
    ],
  }, { ...look, below: legend(sets, (index) => swatch(index, paint)) });
}

function upright(data: readonly ChartRow[], options: ChartOptions): PlotOptions {
  return {
    width: options.width ?? Math.max(320, Math.min(900, 70 + data.length * 72)),
    height: options.height ?? 240,
    marginTop: 30,
    marginBottom: 42,
    marginLeft: leftOf(data),
    y: { label: options.y, grid: true, ticks: 5, nice: true },
  };
}

function lying(
  data: readonly ChartRow[],
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
    x: { label: options.y, ticks: 5, nice: true },
    y: { label: null, domain, tickSize: 0, tickFormat: (text: string) => cut(text, 42) },
    marks: [
      Plot.barX(data, { x: "y", y: "x", ...plain }),
      Plot.text(data, { x: "y", y: "x", text: number, dx: 6, textAnchor: "start" }),
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
