import { escapeHtml, short, tag } from "./markup.ts";
import { type Picture, picture } from "./picture.ts";
import { type RowOfCells, rowsOf } from "./rows.ts";
import { frame } from "./theme.ts";

/** How to draw a table. */
export interface TableOptions {
  /** Which properties, in which order. @default every property of any row, in order of appearance */
  readonly columns?: readonly string[];
  /** Written above the table. */
  readonly title?: string;
  /** Rows drawn at most; the rest is counted in a line below. @default 50 */
  readonly limit?: number;
}

/** Characters of a column's name that stay in one line, and of a value that is never broken. */
const LONG_NAME = 16, SHORT_VALUE = 16;

const CSS =
  `.taxi .taxi-table{border-collapse:collapse;font-size:13px;margin:0;border:0;table-layout:auto}` +
  `.taxi .taxi-table tr:nth-child(n){background:none}` +
  `.taxi .taxi-table thead th{text-align:left;font-weight:600;color:var(--taxi-soft);font-size:12px;` +
  `padding:4px 18px 6px 0;border:0;border-bottom:1.5px solid var(--taxi-line);vertical-align:bottom}` +
  `.taxi .taxi-table tbody td{text-align:left;padding:5px 18px 5px 0;border:0;` +
  `border-bottom:1px solid var(--taxi-line);vertical-align:top;max-width:44ch;overflow-wrap:anywhere}` +
  `.taxi .taxi-table tbody tr:hover{background:var(--taxi-wash)}` +
  `.taxi .taxi-table .num{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}` +
  `.taxi .taxi-table tbody td.short{white-space:nowrap}` +
  `.taxi .taxi-table .none{color:var(--taxi-soft);font-style:italic}` +
  `.taxi .taxi-table .yes{color:var(--taxi-good)}.taxi .taxi-table .no{color:var(--taxi-bad)}`;

/**
 * A table of rows; nested values as compact JSON, numbers to the right, true as ✓ and false as ✗, nothing interpreted as HTML.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { table } from "./table.ts";
 * const rides = [{ vendor: 1, trips: 12 }, { vendor: 2, trips: 3 }];
 * assert.equal(table(rides).text, "vendor  trips\n     1     12\n     2      3");
 * ```
 * @param given Plain objects; a missing property leaves its cell empty. A Map is drawn as keys and values.
 * @param options The columns, or all options.
 * @throws {TypeError} If it is given nothing to go through, such as a promise.
 */
export function table(
  given: Iterable<unknown>,
  options: readonly string[] | TableOptions = {},
): Picture {
  const { columns, title, limit = 50 } = isColumns(options)
    ? { columns: options } as TableOptions
    : options;
  if (!(limit >= 0)) {
    throw new RangeError(`Cannot draw a table of at most ${limit} rows: limit must be 0 or more`);
  }
  const rows = rowsOf(given, "a table");
  const names = columns ?? [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const shown = fitting(rows.slice(0, limit), names);
  const more = rows.length - shown.length;
  const note = rows.length === 0
    ? "no rows"
    : more > 0
    ? `… and ${more.toLocaleString("en")} more rows`
    : undefined;
  const numeric = new Set(names.filter((name) => isNumeric(shown, name)));
  const head = names.map((name) =>
    tag("th", { scope: "col", class: numeric.has(name) ? "num" : undefined }, heading(name))
  );
  const body = shown.map((row) =>
    tag("tr", {}, ...names.map((name) => cell(row[name], numeric.has(name))))
  );
  const markup = tag(
    "table",
    { class: "taxi-table" },
    tag("thead", {}, tag("tr", {}, ...head)),
    tag("tbody", {}, ...body),
  );
  return picture(
    frame(tag("div", { class: "taxi-scroll" }, markup), { kind: "rows", title, note, css: CSS }),
    asText(shown, { names, numeric, title, note }),
  );
}

/** As many rows as a notebook can carry: fifty records of a megabyte would stop the browser. */
function fitting(
  rows: readonly RowOfCells[],
  names: readonly string[],
): readonly RowOfCells[] {
  let left = MOST_MARKUP;
  const fits = rows.findIndex((row) => {
    left -= names.reduce((sum, name) => sum + 50 + escapeHtml(written(row[name])).length, 0);
    return left < 0;
  });
  return fits < 0 ? rows : rows.slice(0, Math.max(1, fits));
}

function isColumns(options: readonly string[] | TableOptions): options is readonly string[] {
  return Array.isArray(options);
}

function isNumeric(rows: readonly RowOfCells[], name: string): boolean {
  const values = rows.map((row) => row[name]).filter((value) =>
    value !== undefined && value !== null
  );
  return values.length > 0 &&
    values.every((value) => typeof value === "number" || typeof value === "bigint");
}

/** A long name breaks after its last "_", so that many columns fit beside each other. */
function heading(name: string): string {
  const text = escapeHtml(name);
  return name.length > LONG_NAME ? text.replace(/_(?=[^_]+$)/, "_<br>") : text;
}

function cell(value: unknown, numeric: boolean): string {
  const none = value === null || value === undefined;
  const verdict = typeof value === "boolean" ? (value ? "yes" : "no") : "";
  const text = written(value),
    fits = !numeric && !none && verdict === "" && text.length <= SHORT_VALUE;
  const kinds = [numeric ? "num" : "", none ? "none" : "", verdict, fits ? "short" : ""];
  return tag("td", { class: kinds.filter(Boolean).join(" ") || undefined }, escapeHtml(text));
}

function written(value: unknown): string {
  if (typeof value === "boolean") return value ? "✓" : "✗";
  const text = short(value);
  return text.length > LONGEST_CELL ? `${text.slice(0, LONGEST_CELL)}…` : text;
}

/** Characters of a cell, and of all cells together as markup. */
const LONGEST_CELL = 4_000, MOST_MARKUP = 120_000;

interface Layout {
  readonly names: readonly string[];
  readonly numeric: ReadonlySet<string>;
  readonly title: string | undefined;
  readonly note: string | undefined;
}

function asText(rows: readonly Record<string, unknown>[], layout: Layout): string {
  const { names, numeric, title, note } = layout;
  const grid = [names, ...rows.map((row) => names.map((name) => written(row[name])))];
  const widths = names.map((_, at) => Math.max(...grid.map((line) => line[at]!.length)));
  const lines = grid.map((line) =>
    line.map((text, at) =>
      numeric.has(names[at]!) ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)
    ).join("  ").trimEnd()
  );
  return [title, ...(rows.length > 0 ? lines : []), note]
    .filter((line) => line !== undefined).join("\n");
}
