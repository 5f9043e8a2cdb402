import { escapeHtml, short, tag } from "./markup.ts";

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
  readonly y: number;
  readonly series?: string;
}

/**
 * Reads the chart's properties out of rows of any shape.
 *
 * @throws {TypeError} If no row has one of the properties.
 */
export function chartRows(rows: readonly object[], options: ChartOptions): readonly ChartRow[] {
  const { x, y, series } = options;
  const names = [x, y, ...(series === undefined ? [] : [series])];
  const missing = names.find((name) => rows.length > 0 && !rows.some((row) => name in row));
  if (missing !== undefined) {
    const has = [...new Set(rows.flatMap((row) => Object.keys(row)))].join(", ");
    throw new TypeError(`Cannot draw "${missing}": no row has it (rows have ${has})`);
  }
  return (rows as readonly Readonly<Record<string, unknown>>[]).map((row) => {
    const at = row[x];
    return {
      x: at instanceof Date || typeof at === "number" ? at : short(at),
      y: Number(row[y] ?? 0),
      ...(series === undefined ? {} : { series: short(row[series]) }),
    };
  });
}

/** Names of the series, in order of appearance; empty when rows are not split. */
export function seriesOf(rows: readonly ChartRow[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => row.series === undefined ? [] : [row.series]))];
}

/** Room for the numbers of the y axis, in pixels. */
export function leftOf(rows: readonly ChartRow[]): number {
  const digits = rows.map((row) => Math.round(row.y).toLocaleString("en").length);
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
