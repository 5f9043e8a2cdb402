import { parse } from "csv-parse/sync";
import { findColumns, rideFromTexts, shortened } from "./cells.ts";
import { linesOf, LONGEST_LINE } from "./lines.ts";
import type { Row } from "./ride.ts";
import { csvBytes, nameOf, type Source } from "./source.ts";

const SEPARATOR_LINE = /^\ufeff?"?sep=,"?\s*$/i;

/** A double quote, and what no CSV text should hold: NUL, or the mark of bytes that are not UTF-8. */
const UNUSUAL = /["\0\uFFFD]/;

/**
 * Reads a TLC file of yellow rides, plain or gzipped, in constant memory.
 *
 * Columns are found by the header's names, in any order and case, so files of 17 to 20 columns and
 * exports of the NYC Open Data portal are read alike. Lines are parsed one by one: what is wrong with a
 * line ends with it, and an open quote never swallows its neighbours (a quoted line break, which TLC
 * files do not have, makes two malformed lines). Blank lines are no rows.
 *
 * @example The row after an open quote is kept
 * ```ts
 * import assert from "node:assert/strict";
 * import { readCsv } from "./read_csv.ts";
 * const header = "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime,passenger_count," +
 *   "trip_distance,payment_type,total_amount";
 * const good = "1,2021-01-01 00:30:10,2021-01-01 00:36:12,1,2.10,2,11.8";
 * const file = new Blob([[header, '1,"2021-01-01', good].join("\n")]).stream();
 * const [broken, kept] = await Array.fromAsync(readCsv(file));
 * assert.deepEqual(broken, {
 *   line: 2,
 *   reason: "a quote is opened and not closed",
 *   text: '1,"2021-01-01',
 * });
 * assert.equal(kept!.ride!.total_amount, 11.8);
 * ```
 * @param source Path of a file, or a stream of its bytes.
 * @returns Every row that is not blank, in the file's order: a ride, or the reason why it is none.
 * @throws {SyntaxError} If the file is empty or its header is not that of a TLC file of yellow rides.
 * @throws {TypeError} If the file is not CSV but Parquet, zip or UTF-16.
 * @throws {Error} If the file cannot be opened, or its gzip is damaged.
 */
export async function* readCsv(source: Source): AsyncGenerator<Row> {
  const file = nameOf(source);
  let read: RowReader | undefined;
  let line = 0;
  for await (const texts of linesOf(csvBytes(source))) {
    for (const text of texts) {
      line += 1;
      if (text === "" || text.trim() === "") continue;
      // Where Excel is told the sign between fields.
      if (!read && line === 1 && SEPARATOR_LINE.test(text)) continue;
      if (read) yield read(text, line);
      else read = rowReader(headerOf(text, file), file);
    }
  }
  if (!read) {
    throw new SyntaxError(`Cannot read rides from "${file}": it is empty (fetch it again)`);
  }
}

type RowReader = (text: string, line: number) => Row;

/** Makes the reader of one row, for a file whose header has been read. */
function rowReader(header: readonly string[], file: string): RowReader {
  const columns = findColumns(header, file);
  return (text, line) => {
    const fields = fieldsOf(text);
    const ride = typeof fields === "string"
      ? fields
      : wrongCount(fields, header.length) ?? rideFromTexts(columns.map((at) => fields[at]!));
    return typeof ride === "string"
      ? { line, reason: ride, text: shortened(text) }
      : { line, ride };
  };
}

/** A field quoted though it need not be, as some tools quote every text; split() is enough without its quotes. */
const NEEDLESS_QUOTES = /(^|,)"([^",]*)"(?=,|$)/g;

/** The fields of one line, or the reason why it has none. */
function fieldsOf(text: string): string[] | string {
  if (text.length > LONGEST_LINE) return `longer than ${LONGEST_LINE} characters`;
  if (!UNUSUAL.test(text)) return text.split(",");
  if (text.includes("\0")) return "holds a NUL byte";
  if (text.includes("\uFFFD")) return "holds bytes that are not UTF-8";
  const plain = text.replace(NEEDLESS_QUOTES, "$1$2");
  if (!plain.includes('"')) return plain.split(",");
  try {
    return (parse(text, { trim: true, relax_column_count: true }) as string[][])[0] ?? [];
  } catch (error) {
    return quoteFault(error);
  }
}

function quoteFault(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "CSV_QUOTE_NOT_CLOSED") return "a quote is opened and not closed";
  if (code === "INVALID_OPENING_QUOTE") return "a quote stands inside a field";
  if (code === "CSV_INVALID_CLOSING_QUOTE") return "a quote is closed inside a field";
  return error instanceof Error ? error.message : String(error);
}

/** Too few fields, or too many; but files of late 2016 end each row in empty ones, and those harm nobody. */
function wrongCount(fields: readonly string[], expected: number): string | undefined {
  const extra = fields.slice(expected).some((field) => field.trim() !== "");
  if (fields.length >= expected && !extra) return undefined;
  return `has ${fields.length} fields where the header has ${expected}`;
}

function headerOf(text: string, file: string): string[] {
  const refuse = (what: string, fix: string): never => {
    throw new SyntaxError(`Cannot read rides from "${file}": ${what} (${fix})`);
  };
  const names = fieldsOf(text);
  if (typeof names === "string") {
    return refuse(`its header is broken: ${names}`, "fetch the file again");
  }
  if (text.includes("\r")) return refuse("its lines end in CR alone", "save it with LF or CRLF");
  if (names.length > 1 && /^\s*"?\d/.test(names[1]!)) {
    return refuse("its first line is a row, not a header", "put the TLC's header line back");
  }
  const sign = [";", "\t", "|"].find((sign) => text.split(sign).length > names.length);
  if (sign) return refuse(`its fields are parted by "${sign}"`, "save it with commas");
  return names;
}
