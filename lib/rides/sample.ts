import { drawFrom, pickFrom, type Quantile, type Random, seeded } from "./random.ts";
import { type SampleRide, sampleRow } from "./sample_row.ts";

/** The TLC's header of a yellow month from 2019 on: 18 columns. */
export const SAMPLE_HEADER: string = "VendorID,tpep_pickup_datetime,tpep_dropoff_datetime," +
  "passenger_count,trip_distance,RatecodeID,store_and_fwd_flag,PULocationID,DOLocationID," +
  "payment_type,fare_amount,extra,mta_tax,tip_amount,tolls_amount,improvement_surcharge," +
  "total_amount,congestion_surcharge";

/** How large a sample, and which. */
export interface SampleOptions {
  /** How many rides, the header not counted; `RIDES_A_DAY` begin a new day. @default 10_000 */
  readonly rows?: number;
  /** Another seed makes another sample. @default 2021 */
  readonly seed?: number;
}

const RIDES_A_DAY = 10_000;
const FIRST_DAY_MS = Date.UTC(2021, 0, 1);
const MINUTE_MS = 60_000, HOUR_MS = 60 * MINUTE_MS, DAY_MS = 24 * HOUR_MS;
/** No ride reaches the file later than this after it began, so no pickup is out of order by more. */
const LONGEST_DELAY_MS = HOUR_MS - 1_000;

const VENDORS = [[2, 66], [1, 30], [6, 4]] as const;

/** Rides in each hour of the day: the night is quiet, the evening busy. */
const HOURS = [
  ...[32, 24, 17, 11, 8, 8, 14, 26, 40, 42, 41, 43],
  ...[47, 49, 52, 54, 52, 58, 62, 57, 48, 44, 42, 38],
].map((weight, hour) => [hour, weight] as const);

const MILES: readonly Quantile[] = [
  [0, 0.2],
  [0.25, 1],
  [0.5, 1.7],
  [0.75, 3.2],
  [0.9, 7],
  [0.97, 12],
  [1, 21],
];

/** Minutes a mile takes. */
const PACE: readonly Quantile[] = [[0, 2.4], [0.25, 4], [0.5, 5], [0.75, 6.5], [1, 12]];

/** Minutes from the end of a ride to its row in the file; the tail is store-and-forward. */
const REPORT: readonly Quantile[] = [[0, 0], [0.7, 1], [0.9, 4], [0.98, 15], [1, 60]];

/**
 * Makes up rides in the TLC's own format and disorder: the same text for the same options, anywhere.
 *
 * Rows come in the order in which rides were reported, after they ended, so pickups are out of order, by
 * less than an hour. `data/README.md` states the distributions.
 *
 * @example The header comes first
 * ```ts
 * import assert from "node:assert/strict";
 * import { sampleRides } from "./sample.ts";
 * const [header, ...rides] = sampleRides({ rows: 3 });
 * assert.equal(header!.split(",").length, 18);
 * assert.equal(rides.length, 3);
 * ```
 * @returns Lines of CSV without line ends, made as they are asked for.
 */
export function* sampleRides(options: SampleOptions = {}): Generator<string> {
  const { rows = RIDES_A_DAY, seed = 2021 } = options;
  const random = seeded(seed);
  yield SAMPLE_HEADER;
  let onTheWay: SampleRide[] = [];
  for (let made = 0, day = 0; made < rows; made += RIDES_A_DAY, day++) {
    const dayMs = FIRST_DAY_MS + day * DAY_MS;
    const count = Math.min(RIDES_A_DAY, rows - made);
    const rides = Array.from({ length: count }, () => drawRide(dayMs, random));
    const arriving = [...onTheWay, ...rides].sort((a, b) => a.arrivalMs - b.arrivalMs);
    // What arrives tomorrow waits for tomorrow's early arrivals; after the last day nothing waits.
    const last = made + RIDES_A_DAY >= rows;
    const arrived = (ride: SampleRide) => last || ride.arrivalMs < dayMs + DAY_MS;
    onTheWay = arriving.filter((ride) => !arrived(ride));
    for (const ride of arriving.filter(arrived)) yield sampleRow(ride, random);
  }
}

function drawRide(dayMs: number, random: Random): SampleRide {
  const vendor = pickFrom(VENDORS, random);
  const secondOfHour = Math.floor(random() * 3_600);
  const pickupMs = dayMs + pickFrom(HOURS, random) * HOUR_MS + secondOfHour * 1_000;
  const miles = Math.round(drawFrom(MILES, random) * 100) / 100;
  const minutes = Math.min(55, 1 + miles * drawFrom(PACE, random));
  const dropoffMs = pickupMs + Math.round(minutes * 60) * 1_000;
  const delayMs = dropoffMs - pickupMs + Math.round(drawFrom(REPORT, random) * 60) * 1_000;
  const arrivalMs = pickupMs + Math.min(LONGEST_DELAY_MS, delayMs);
  return { vendor, pickupMs, dropoffMs, arrivalMs, miles };
}
