import { cut, escapeHtml, short, tag } from "./markup.ts";
import { rowsOf } from "./rows.ts";

/** Which properties of a row become what. */
export interface ChartOptions {
  /** Property along the bottom. */
  readonly x: string;
  /** Numeric property. */
  readonly y: string;
  /** Property that splits the rows into groups, told apart by more than colour. */
  readonly series?: string;
  /** Written above. @default nothing */
  readonly title?: string;
  /** In pixels. */
  readonly width?: number;
  /** In pixels. */
  readonly height?: number;
}

/** One row of a chart: `x` as text, number or date. */
export interface ChartRow {
  readonly x: string | number | Date;
  /** NaN where the row has no value: nothing is drawn there. */
  readonly y: number;
  /** The value as it was given, exact where it is a BigInt; null where there is none. */
  readonly exact: number | bigint | null;
  readonly series?: string;
}

/**
 * Reads the chart's properties out of rows of any shape.
 *
 * A value of null, undefined or NaN is none. Dates and BigInt are taken as what they are.
 *
 * @throws {TypeError} If there are no rows, none has one of the properties, or a value is no number.
 */
export function chartRows(given: Iterable<unknown>, options: ChartOptions): readonly ChartRow[] {
  const { x, y, series } = options ?? {};
  if (x === undefined || y === undefined) {
    throw new TypeError(
      'Cannot draw a chart: it is not told what to draw (name two properties: { x: "…", y: "…" })',
    );
  }
  const rows = rowsOf(given, "a chart");
  const names = [x, y, ...(series === undefined ? [] : [series])];
  const missing = names.find((name) => rows.length > 0 && !rows.some((row) => name in row));
  if (missing !== undefined) {
    const has = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(", ");
    throw new TypeError(`Cannot draw "${missing}": no row has it (rows have ${has})`);
  }
  return rows.map((row, index) => {
    const value = numberOf(row[y]);
    if (value === undefined) {
      throw new TypeError(
        `Cannot draw "${y}": row ${index + 1} has ${shown(row[y])}, which is no number`,
      );
    }
    return {
      x: placeOf(row[x]),
      y: value,
      exact: typeof row[y] === "bigint" ? row[y] : Number.isNaN(value) ? null : value,
      ...(series === undefined ? {} : { series: short(row[series]) }),
    };
  });
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : cut(short(value), 60);
}

/** NaN is no value; undefined is no number. */
function numberOf(value: unknown): number | undefined {
  if (value === null || value === undefined) return NaN;
  if (typeof value === "string" && value.trim() === "") return undefined;
  if (typeof value === "object" && !(value instanceof Date)) return undefined;
  if (typeof value === "symbol") return undefined;
  const number = Number(value);
  if (Number.isNaN(number)) return typeof value === "number" ? NaN : undefined;
  return Number.isFinite(number) ? number : undefined;
}

function placeOf(value: unknown): string | number | Date {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "no date" : value;
  if (typeof value === "number") return value;
  if (typeof value === "bigint" && BigInt(Number(value)) === value) return Number(value);
  return short(value);
}

/** The smallest and the largest value; undefined where there is none. */
export function extent(rows: readonly ChartRow[]): readonly [number, number] | undefined {
  let low = Infinity, high = -Infinity;
  for (const { y } of rows) {
    if (y < low) low = y;
    if (y > high) high = y;
  }
  return low <= high ? [low, high] : undefined;
}

/** A domain for values that are all equal, which Plot would draw in the middle; zero is at the bottom. */
export function flatDomain(rows: readonly ChartRow[]): { readonly domain?: [number, number] } {
  const [low, high] = extent(rows) ?? [0, 0];
  if (low !== high) return {};
  return { domain: low === 0 ? [0, 1] : low > 0 ? [0, low] : [low, 0] };
}

/** Names of the series, in order of appearance; empty when rows are not split. */
export function seriesOf(rows: readonly ChartRow[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => row.series === undefined ? [] : [row.series]))];
}

/** Room for the numbers of the y axis, in pixels. */
export function leftOf(rows: readonly ChartRow[]): number {
  const digits = (extent(rows) ?? []).map((y) => Math.round(y).toLocaleString("en").length);
  return 24 + 8 * Math.max(2, ...digits);
}

/** Names below a chart, each with its swatch. */
export function legend(names: readonly string[], swatch: (index: number) => string): string {
  const style = "display:inline-flex;align-items:center;gap:7px;margin:4px 18px 0 0";
  return tag(
    "div",
    {},
    ...names.map((name, index) => tag("span", { style }, swatch(index), escapeHtml(name))),
  );
}
