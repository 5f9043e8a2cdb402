import { parse } from "csv-parse/sync";
import { sampleFile } from "./sample_file.ts";
import { tlcTimeMs } from "./tlc_time.ts";

/** A ride that begins: what a meter could send when it is engaged. */
export interface RideStart {
  /** Line of the file, the header's being 1: start and end of a ride have the same. */
  readonly rideId: number;
  /** As in `TaxiRide`. */
  readonly vendorId: number;
  /** Number of the taxi zone where it begins; see `readZones()`. */
  readonly PULocationID: number;
  /** When the meter was engaged, epoch ms. */
  readonly tpep_pickup_datetime: number;
}

/** A ride that ends. */
export interface RideEnd {
  /** As in {@link RideStart}. */
  readonly rideId: number;
  /** As in `TaxiRide`. */
  readonly vendorId: number;
  /** Number of the taxi zone where it ends. */
  readonly DOLocationID: number;
  /** When the meter was disengaged, epoch ms. */
  readonly tpep_dropoff_datetime: number;
  /** US dollars. */
  readonly total_amount: number;
}

/** Both ends of rides, each in the order of its time. */
export interface Trips {
  /** By pickup. */
  readonly starts: readonly RideStart[];
  /** By drop-off. */
  readonly ends: readonly RideEnd[];
}

/**
 * Reads rides as two streams of events: a start at each pickup, an end at each drop-off.
 *
 * The TLC publishes rides that are over, one row each. A row holds both events, so each is put where its own time is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readTrips } from "./trips.ts";
 * const { starts, ends } = await readTrips({ limit: 100 });
 * assert.equal(starts.length, ends.length);
 * assert.ok(starts.every((start, at) => at === 0 || starts[at - 1]!.tpep_pickup_datetime <= start.tpep_pickup_datetime));
 * ```
 * @param options.limit Rows to read from the beginning. @default all
 * @param options.path A CSV file of the TLC, which is held in memory. @default the sample
 * @throws {SyntaxError} If a row lacks a time, a zone or an amount.
 */
export async function readTrips(
  { limit, path = sampleFile() }: { readonly limit?: number; readonly path?: string } = {},
): Promise<Trips> {
  const rows: Record<string, string>[] = parse(await Deno.readTextFile(path), {
    columns: true,
    skip_empty_lines: true,
    bom: true,
    ...(limit === undefined ? {} : { to: limit }),
  });
  const trips = rows.map((row, at) => tripOf(row, { rideId: at + 2, path }));
  return {
    starts: trips.map(({ start }) => start)
      .sort((a, b) => a.tpep_pickup_datetime - b.tpep_pickup_datetime),
    ends: trips.map(({ end }) => end)
      .sort((a, b) => a.tpep_dropoff_datetime - b.tpep_dropoff_datetime),
  };
}

function tripOf(
  row: Record<string, string>,
  { rideId, path }: { readonly rideId: number; readonly path: string },
): { readonly start: RideStart; readonly end: RideEnd } {
  const number = (column: string, value = Number(row[column])) => {
    if (row[column]?.trim() && Number.isFinite(value)) return value;
    throw new SyntaxError(
      `Cannot read trips from "${path}": line ${rideId} has no "${column}" (use a TLC file of yellow rides)`,
    );
  };
  const time = (column: string) => number(column, tlcTimeMs(row[column] ?? ""));
  const vendorId = Number(row.VendorID ?? 0);
  return {
    start: {
      rideId,
      vendorId,
      PULocationID: number("PULocationID"),
      tpep_pickup_datetime: time("tpep_pickup_datetime"),
    },
    end: {
      rideId,
      vendorId,
      DOLocationID: number("DOLocationID"),
      tpep_dropoff_datetime: time("tpep_dropoff_datetime"),
      total_amount: number("total_amount"),
    },
  };
}
