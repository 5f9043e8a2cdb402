import {
  type ChartOptions,
  type ChartRow,
  chartRows,
  extent,
  flatDomain,
  leftOf,
  legend,
  seriesOf,
} from "./chart_rows.ts";
import type { Picture } from "./picture.ts";
import { drawn, Plot, plot, type PlotOptions } from "./plot.ts";
import { tag } from "./markup.ts";
import { hue } from "./theme.ts";

/** Points that a picture of 640 pixels can show, and a notebook can carry. */
const MOST_POINTS = 4_000, MOST_DOTS = 800;

/** Points that a text can name. */
const MOST_NAMED = 40;

const DASHES = ["none", "6 4", "2 3", "10 4 2 4", "1 4", "12 3"] as const;
const SYMBOLS = ["circle", "triangle", "square", "diamond", "star", "cross"] as const;

/**
 * A line for each series, its name at its end; each has its own dash, so that colour is not needed. The text names each
 * point of a series, while they are few.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { line } from "./line.ts";
 * const lag = [{ second: 0, lag: 40 }, { second: 1, lag: 0 }];
 * assert.equal(line(lag, { x: "second", y: "lag" }).text, "lag by second: 2 points, 0 to 40");
 * ```
 * @throws {TypeError} If no row has the property that `x`, `y` or `series` names.
 */
export function line(rows: Iterable<unknown>, options: ChartOptions): Picture {
  const data = chartRows(rows, options), sets = seriesOf(data);
  const groups = sets.length === 0
    ? [data]
    : sets.map((name) => data.filter((row) => row.series === name));
  const lines = groups.map((group, index) =>
    Plot.line(thinned(group, MOST_POINTS / groups.length), {
      x: "x",
      y: "y",
      stroke: hue(index),
      strokeWidth: 2,
      strokeDasharray: DASHES[index % DASHES.length]!,
    })
  );
  const ends = groups.flatMap((group) => sets.length === 0 ? [] : group.slice(-1));
  const names = Plot.text(ends, {
    x: "x",
    y: "y",
    text: "series",
    dx: 8,
    textAnchor: "start",
    fontWeight: 600,
  });
  const right = Math.max(0, ...sets.map((name) => name.length)) * 7.5 + 24;
  return plot(
    { ...axes(options, data), marginRight: right, marks: [...lines, names] },
    { title: options.title, text: [summary(data, options), ...named(data, sets)].join("\n") },
  );
}

/** What `dots()` draws, and how. */
export interface DotsOptions extends ChartOptions {
  /** Both axes by powers of ten, for numbers above zero that are far apart. @default false */
  readonly log?: boolean;
  /** Leads a thin line from dot to dot of a series, in the order of its rows. @default false */
  readonly joined?: boolean;
}

/**
 * A point for each row; series differ by colour and by symbol. The text names each point of a series, while they are few.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { dots } from "./line.ts";
 * const rides = [{ distance: 1.2, total: 9 }, { distance: 3, total: 16 }];
 * assert.equal(dots(rides, { x: "distance", y: "total" }).text, "total by distance: 2 points, 9 to 16");
 * ```
 * @throws {TypeError} If no row has the property that `x`, `y` or `series` names.
 * @throws {RangeError} If axes by powers of ten are to show a number that is not above zero.
 */
export function dots(rows: Iterable<unknown>, options: DotsOptions): Picture {
  const data = chartRows(rows, options), sets = seriesOf(data);
  if (options.log) mustBeAboveZero(data, options);
  const at = (row: ChartRow) => Math.max(0, sets.indexOf(row.series ?? ""));
  const shown = evenly(data, MOST_DOTS), place = { x: "x", y: "y" } as const;
  const stroke = (row: ChartRow) => hue(at(row));
  const path = Plot.line(shown, { ...place, z: "series", stroke, strokeOpacity: 0.55 });
  const points = Plot.dot(shown, {
    ...{ ...place, r: 4, strokeWidth: 1.6, stroke },
    symbol: (row: ChartRow) => SYMBOLS[at(row) % SYMBOLS.length]!,
  });
  const { x, y, ...frame } = axes(options, data);
  return plot(
    {
      ...frame,
      ...(options.log && { marginRight: 36 }), // half of the last number
      x: { ...x, ...byTens(options, data.map((row) => row.x)) },
      y: { ...y, ...byTens(options, data.map((row) => row.y)) },
      symbol: { legend: false },
      marks: options.joined ? [path, points] : [points],
    },
    {
      title: options.title,
      text: [summary(data, options), ...named(data, sets)].join("\n"),
      below: legend(sets, swatch) + (shown.length === data.length ? "" : tag(
        "div",
        { class: "taxi-note" },
        `${shown.length.toLocaleString("en")} of ${
          data.length.toLocaleString("en")
        } points are drawn`,
      )),
    },
  );
}

function mustBeAboveZero(data: readonly ChartRow[], { x, y }: ChartOptions): void {
  for (const [index, row] of data.entries()) {
    const wrong = row.y <= 0
      ? [y, row.y]
      : typeof row.x === "number" && row.x <= 0
      ? [x, row.x]
      : [];
    if (wrong.length === 0) continue;
    throw new RangeError(
      `Cannot draw "${wrong[0]}" by powers of ten: row ${index + 1} has ${
        wrong[1]
      }, which is not above zero`,
    );
  }
}

/** An axis by powers of ten from one to another: Plot itself would begin anywhere, without a tick. */
function byTens({ log }: DotsOptions, values: readonly (number | string | Date)[]) {
  const numbers = values.filter((one) => typeof one === "number" && !Number.isNaN(one)) as number[];
  if (!log || numbers.length === 0) return {};
  const from = Math.floor(Math.log10(Math.min(...numbers)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...numbers))));
  const ticks = Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
  const tickFormat = (tick: number) => tick.toLocaleString("en", { maximumFractionDigits: 6 });
  return { type: "log", domain: [10 ** from, 10 ** to], ticks, tickFormat } as const;
}

/** Each series with its points, for who reads the chart; nothing where there are many. */
function named(data: readonly ChartRow[], sets: readonly string[]): readonly string[] {
  if (data.length > MOST_NAMED) return [];
  const place = ({ x }: ChartRow) => x instanceof Date ? x.toISOString() : `${x}`;
  return sets.map((name) =>
    `${name}: ` + data.filter(({ series }) => series === name)
      .map((row) => `${place(row)} → ${row.exact ?? "–"}`).join(", ")
  );
}

/** The first, lowest, highest and last of each stretch of a line: what a line of more points looks like. */
function thinned(rows: readonly ChartRow[], most: number): readonly ChartRow[] {
  if (rows.length <= most) return rows;
  const stretch = Math.ceil(rows.length / Math.max(1, Math.floor(most / 4)));
  const kept: ChartRow[] = [];
  for (let at = 0; at < rows.length; at += stretch) {
    const some = rows.slice(at, at + stretch);
    const low = some.reduce((best, row) => row.y < best.y ? row : best);
    const high = some.reduce((best, row) => row.y > best.y ? row : best);
    const wanted = new Set([some[0], low, high, some.at(-1)]);
    kept.push(...some.filter((row) => wanted.has(row)));
  }
  return kept;
}

/** So many of them, as far apart as each other. */
function evenly<T>(rows: readonly T[], most: number): readonly T[] {
  if (rows.length <= most) return rows;
  return Array.from({ length: most }, (_, at) => rows[Math.floor(at * rows.length / most)]!);
}

function axes({ x, y, width, height }: ChartOptions, data: readonly ChartRow[]): PlotOptions {
  return {
    width: width ?? 640,
    height: height ?? 260,
    marginTop: 30,
    marginBottom: 42,
    marginLeft: leftOf(data),
    x: { label: x, nice: true, ...onePlace(data) },
    y: { label: y, grid: true, ticks: 5, nice: true, ...flatDomain(data) },
  };
}

/** A single number along the bottom: its tick says that number, not 1.000000. */
function onePlace(data: readonly ChartRow[]): Partial<NonNullable<PlotOptions["x"]>> {
  const [first] = data, places = new Set(data.map(({ x }) => x));
  return typeof first?.x === "number" && places.size === 1
    ? { ticks: [first.x], tickFormat: (x: number) => x.toLocaleString("en") }
    : {};
}

function summary(data: readonly ChartRow[], { x, y }: ChartOptions): string {
  if (data.length === 0) return `${y} by ${x}: no points`;
  const [low, high] = extent(data) ?? ["–", "–"];
  return `${y} by ${x}: ${data.length} points, ${low} to ${high}`;
}

/** Draws the symbol that the points of this series have. */
function swatch(index: number): string {
  const symbol = SYMBOLS[index % SYMBOLS.length]!;
  return drawn({
    width: 16,
    height: 16,
    margin: 8,
    x: { axis: null },
    y: { axis: null },
    marks: [Plot.dot([[0, 0]], { r: 4, stroke: hue(index), strokeWidth: 1.6, symbol })],
  }).outerHTML;
}
