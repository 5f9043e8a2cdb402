/**
 * One yellow-taxi ride: the seed's five fields and the two times of the meter.
 *
 * The names are those of the original course's Avro schema and of the TLC's files, so a record read
 * from the topic, a row of the file and the schema can be laid side by side.
 */
export interface TaxiRide {
  /** Who made the meter: 1 Creative Mobile, 2 Curb (VeriFone), 6 Myle, 7 Helix; 0 where the file says nothing. */
  readonly vendorId: number;
  /** Passengers as the driver entered them; 0 where the file says nothing. */
  readonly passenger_count: number;
  /** Miles by the meter. */
  readonly trip_distance: number;
  /** 1 card, 2 cash, 3 no charge, 4 dispute, 5 unknown, 6 voided; 0 flex fare, or the file says nothing. */
  readonly payment_type: number;
  /** US dollars, tip on card included; below 0 for a refund. */
  readonly total_amount: number;
  /** When the meter was engaged, epoch ms. The file's time has no zone and is taken as UTC. */
  readonly tpep_pickup_datetime: number;
  /** When the meter was disengaged, epoch ms. The file's time has no zone and is taken as UTC. */
  readonly tpep_dropoff_datetime: number;
}

/**
 * The value of a ride's record. The two times may be absent: the original course's `producer_taxi_json.py` writes the
 * first five fields only.
 */
export interface RideValue
  extends Omit<TaxiRide, "tpep_pickup_datetime" | "tpep_dropoff_datetime"> {
  /** As in {@link TaxiRide}, where the producer wrote it. */
  readonly tpep_pickup_datetime?: number;
  /** As in {@link TaxiRide}, where the producer wrote it. */
  readonly tpep_dropoff_datetime?: number;
}

/**
 * A ride's event time, for a topic's `timestamp`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { pickupTimeMs } from "./ride.ts";
 * const seed = { vendorId: 1, passenger_count: 1, trip_distance: 2.1, payment_type: 2, total_amount: 11.8 };
 * assert.equal(pickupTimeMs({ ...seed, tpep_pickup_datetime: 60_000 }), 60_000);
 * assert.throws(() => pickupTimeMs(seed), /"tpep_pickup_datetime" is missing/);
 * ```
 * @throws {TypeError} If its producer wrote no pickup time
 */
export function pickupTimeMs({ tpep_pickup_datetime: timeMs }: RideValue): number {
  if (timeMs !== undefined) return timeMs;
  throw new TypeError('"tpep_pickup_datetime" is missing: this ride has no event time');
}

/** The key of a ride's record, as in the original course: rides of one vendor stay in order. */
export interface TaxiRideKey {
  /** As in {@link TaxiRide}. */
  readonly vendorId: number;
}

/** A row of a file that is a ride. */
export interface GoodRow {
  /** Line of the CSV file, the header's being 1; row of the Parquet file, the first being 1. */
  readonly line: number;
  /** What the row says. */
  readonly ride: TaxiRide;
}

/** A row of a file that is not a ride, and why. */
export interface MalformedRow {
  /** Line of the CSV file, the header's being 1; row of the Parquet file, the first being 1. */
  readonly line: number;
  /** What is wrong, with the field's name and its text. */
  readonly reason: string;
  /** The row as the file has it, cut after 200 characters. */
  readonly text: string;
  /** Absent, so that `if (row.ride)` tells the two kinds of row apart. */
  readonly ride?: undefined;
}

/** What a reader yields: every row that is not blank is one or the other, and none is left out. */
export type Row = GoodRow | MalformedRow;
