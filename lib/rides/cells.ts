import type { TaxiRide } from "./ride.ts";
import { tlcTimeMs } from "./tlc_time.ts";

/** The columns that make a ride, as the TLC names them today, in the order of `Cells`. */
export const COLUMNS = [
  "VendorID",
  "passenger_count",
  "trip_distance",
  "payment_type",
  "total_amount",
  "tpep_pickup_datetime",
  "tpep_dropoff_datetime",
] as const;

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const LONGEST_TEXT = 200;

/** How other tools write an empty cell: R, MySQL, pandas, Python, spreadsheets. In any case of letters. */
const EMPTY = new Set([
  ...["", "na", "n/a", "<na>", "#n/a", "nan", "null", "(null)", "none", "\\n"],
]);

/** Columns of files that are about other rides, and whose. */
const OTHER_FILES: readonly (readonly [string, string])[] = [
  ["lpep_pickup_datetime", "green taxis (use a file of yellow taxis)"],
  ["hvfhs_license_num", "high-volume for-hire vehicles (use a file of yellow taxis)"],
  ["dispatching_base_num", "for-hire vehicles (use a file of yellow taxis)"],
  ["trip_pickup_datetime", "yellow taxis as the TLC wrote them in 2009 (use 2015 or later)"],
  [
    "pickup_datetime",
    "yellow taxis as the TLC wrote them before 2015 (use CSV of 2015 or later, or Parquet of 2011 or later)",
  ],
];

/** Whether a text stands for "no value". */
export function isEmpty(text: string): boolean {
  return EMPTY.has(text.trim().toLowerCase());
}

/**
 * Finds the columns of a ride among a file's, whatever their order and case.
 *
 * @param names Column names of the file, in its order.
 * @param file What to call the file in an error.
 * @returns For each of `COLUMNS`, its position in the file.
 * @throws {SyntaxError} If a column is missing or stands twice.
 */
export function findColumns(names: readonly string[], file: string): number[] {
  const plain = names.map((name) => name.trim().toLowerCase());
  // Of a name that stands twice, the last place.
  const places = new Map(plain.map((name, at) => [name, at]));
  const twice = plain.find((name, at) => name !== "" && places.get(name) !== at);
  if (twice !== undefined) {
    throw new SyntaxError(
      `Cannot read rides from "${file}": its header has the column "${twice}" twice (remove one)`,
    );
  }
  const missing = COLUMNS.filter((name) => !places.has(name.toLowerCase()));
  if (missing.length > 0) {
    const other = OTHER_FILES.find(([column]) => places.has(column));
    if (other) throw new SyntaxError(`Cannot read rides from "${file}": it is of ${other[1]}`);
    throw new SyntaxError(
      `Cannot read rides from "${file}": its header lacks ${missing.join(", ")} ` +
        `(use a TLC file of yellow rides from 2015 or later)`,
    );
  }
  return COLUMNS.map((name) => places.get(name.toLowerCase())!);
}

/** Turns the texts of `COLUMNS` into a ride, or into the reason why they are none. */
export function rideFromTexts(texts: readonly string[]): TaxiRide | string {
  const [vendor, passengers, distance, payment, total, pickup, dropoff] = texts;
  return ride([
    whole(vendor!, 0),
    whole(passengers!, 1),
    decimal(distance!, 2),
    whole(payment!, 3),
    decimal(total!, 4),
    time(pickup!, 5),
    time(dropoff!, 6),
  ]);
}

/** Puts seven numbers in the order of `COLUMNS` together; the first text among them is the reason. */
export function ride(cells: readonly (number | string)[]): TaxiRide | string {
  for (const cell of cells) if (typeof cell === "string") return cell;
  const [vendor, passengers, distance, payment, total, pickup, dropoff] = cells as number[];
  return {
    vendorId: vendor!,
    passenger_count: passengers!,
    trip_distance: distance!,
    payment_type: payment!,
    total_amount: total!,
    tpep_pickup_datetime: pickup!,
    tpep_dropoff_datetime: dropoff!,
  };
}

/** Cuts what a malformed row shows, so that a damaged file cannot flood a terminal. */
export function shortened(text: string): string {
  return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT)}…`;
}

/**
 * The codes and counts. Blank is legal: the TLC leaves vendor, passengers and payment empty where the
 * ride was not metered the usual way (7 % of January 2021). Empty becomes 0, the TLC's own code for them.
 */
function whole(text: string, column: number): number | string {
  if (isEmpty(text)) return 0;
  const number = numberOf(text);
  return wholeNumber(number, column) ?? wrong(text, column, "is not a whole number");
}

/** A 32-bit whole number, as the Avro schema's `int` holds it (`1.0` is 1: pandas writes it so). */
export function wholeNumber(number: number, column: number): number | string | undefined {
  if (!Number.isInteger(number)) return undefined;
  return number === (number | 0) ? number | 0 : wrong(`${number}`, column, "is beyond 32 bits");
}

/** The number that a text writes; NaN where it writes none. */
export function numberOf(text: string): number {
  const trimmed = text.trim();
  return NUMBER.test(trimmed) ? Number(trimmed) : NaN;
}

function decimal(text: string, column: number): number | string {
  const number = numberOf(text);
  return Number.isFinite(number) ? number : wrong(text, column, "is not a number");
}

function time(text: string, column: number): number | string {
  const trimmed = text.trim();
  return tlcTimeMs(trimmed) ?? wrong(
    text,
    column,
    OTHER_ZONE.test(trimmed)
      ? "has a zone that is not UTC"
      : "is not a time such as 2021-01-01 00:30:10",
  );
}

const OTHER_ZONE = /\d:\d\d(?:\.\d+)?\s*(?:[+-]\d\d(?::?\d\d)?|(?![AP]M$)[A-Z][A-Za-z/_]+)$/;

function wrong(text: string, column: number, why: string): string {
  return isEmpty(text)
    ? `${COLUMNS[column]} is empty`
    : `${COLUMNS[column]} "${visible(shortened(text.trim()))}" ${why}`;
}

/** Spaces that are none and characters that show nothing: "11.8" with one of them looks like a number. */
function visible(text: string): string {
  return text.replace(
    /(?! )[\p{C}\p{Z}]/gu,
    (one) => `\\u{${one.codePointAt(0)!.toString(16).toUpperCase()}}`,
  );
}
