/** Month names as the NYC Open Data portal exports them. */
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * `2021-01-01 00:30:10`, `2021-01-01T00:30:10.000`: the TLC's own files, and what other tools make of them. pandas adds
 * `+00:00`, DuckDB `+00`, Polars `+0000`, BigQuery ` UTC`: all of them mean what is meant without. Spreadsheets leave
 * out seconds.
 */
const ISO =
  /^(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)? ?(?:[Zz]|UTC|GMT|[+-]00(?::?00)?)?$/;
/** `01/01/2021 12:30:10 AM`, `2021 Jan 01 12:30:10 AM`: exports of the NYC Open Data portal. */
const PORTAL =
  /^(?:(\d\d)\/(\d\d)\/(\d{4})|(\d{4}) ([A-Z][a-z]{2}) (\d\d)) (\d\d):(\d\d):(\d\d) ([AP])M$/;

/**
 * Reads a pickup or dropoff time of a TLC file as epoch ms.
 *
 * TLC files carry no zone. `Date.parse` would take the reader's own, so a class would get as many
 * answers as it has zones; here the time is taken as UTC, everywhere.
 *
 * @example New York's clock is read as if it were UTC
 * ```ts
 * import assert from "node:assert/strict";
 * import { tlcTimeMs } from "./tlc_time.ts";
 * assert.equal(tlcTimeMs("2021-01-01 00:30:10"), Date.UTC(2021, 0, 1, 0, 30, 10));
 * assert.equal(tlcTimeMs("01/01/2021 12:30:10 AM"), tlcTimeMs("2021-01-01 00:30:10"));
 * assert.equal(tlcTimeMs("2021-02-30 00:00:00"), undefined);
 * ```
 * @returns Epoch ms, or undefined if the text is not a time that exists.
 */
export function tlcTimeMs(text: string): number | undefined {
  const iso = ISO.exec(text);
  if (iso) {
    const ms = instantMs(+iso[1]!, +iso[2]!, +iso[3]!, +iso[4]!, +iso[5]!, +(iso[6] ?? 0));
    return ms === undefined || iso[7] === undefined ? ms : ms + Math.floor(+`0.${iso[7]}` * 1000);
  }
  const portal = PORTAL.exec(text);
  if (!portal) return undefined;
  const [, month, day, year, year2, name, day2, hours, minutes, seconds, half] = portal;
  if (+hours! < 1 || +hours! > 12) return undefined;
  return instantMs(
    +(year ?? year2)!,
    name === undefined ? +month! : MONTHS.indexOf(name) + 1,
    +(day ?? day2)!,
    +hours! % 12 + (half === "P" ? 12 : 0),
    +minutes!,
    +seconds!,
  );
}

/**
 * Writes epoch ms as the TLC's files do, to the second.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { tlcTime } from "./tlc_time.ts";
 * assert.equal(tlcTime(Date.UTC(2021, 0, 1, 0, 30, 10)), "2021-01-01 00:30:10");
 * ```
 * @param timeMs Epoch ms of a year from 0 to 9999.
 */
export function tlcTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace("T", " ");
}

function instantMs(
  year: number,
  month: number,
  day: number,
  hours: number,
  minutes: number,
  seconds: number,
): number | undefined {
  if (month < 1 || month > 12 || hours > 23 || minutes > 59 || seconds > 59) return undefined;
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const date = new Date(Date.UTC(2000, 0, 1, hours, minutes, seconds));
  const ms = date.setUTCFullYear(year, month - 1, day);
  // 30 February becomes 2 March; a day that moved was never there.
  return date.getUTCDate() === day ? ms : undefined;
}
