import { pickFrom, type Random, seeded } from "../../lib/rides/random.ts";

/** A ride with all the columns of the TLC's file, about 392 bytes as JSON. */
export interface LoadedRide {
  readonly VendorID: number;
  /** `2021-01-01 00:15:56`, taken as UTC: each engine reads it in its own way. */
  readonly tpep_pickup_datetime: string;
  readonly tpep_dropoff_datetime: string;
  readonly passenger_count: number;
  readonly trip_distance: number;
  readonly RatecodeID: number;
  readonly store_and_fwd_flag: string;
  readonly PULocationID: number;
  readonly DOLocationID: number;
  readonly payment_type: number;
  readonly fare_amount: number;
  readonly extra: number;
  readonly mta_tax: number;
  readonly tip_amount: number;
  readonly tolls_amount: number;
  readonly improvement_surcharge: number;
  readonly total_amount: number;
  readonly congestion_surcharge: number;
}

/** After so many rides the load begins again from the first. */
export const DIFFERENT_RIDES = 200_000;

/** The number of a ride, which is its record's key, as text. */
export function rideNumber(index: number): number {
  return index % DIFFERENT_RIDES;
}

const DAY_BEGINS_MS = Date.UTC(2021, 0, 1), DAY_SECONDS = 86_000;

/**
 * The ride at this place of the load: the same on every machine.
 *
 * Pickups run through one day in order, give or take 20 seconds, so that windows see rides a little out of order.
 */
export function rideAt(index: number): LoadedRide {
  const number = rideNumber(index), random = seeded(number);
  const between = (least: number, most: number) => least + random() * (most - least);
  const second = Math.max(
    0,
    Math.floor(number / DIFFERENT_RIDES * DAY_SECONDS + between(-20, 20)),
  );
  const trip_distance = cents(0.5 + 20 * random() ** 3);
  const fare_amount = Math.round((2.5 + 2.5 * trip_distance + between(0, 6)) * 2) / 2;
  const extra = pickFrom([[0, 1], [0.5, 1], [1, 1], [2.5, 1], [3, 1]], random);
  const byCard = random() < 0.7;
  const tip_amount = byCard ? cents(fare_amount * between(0.1, 0.3)) : 0;
  const tolls_amount = trip_distance > 12 && random() < 0.5 ? 6.12 : 0;
  const congestion_surcharge = random() < 0.75 ? 2.5 : 0;
  return {
    VendorID: pickFrom([[1, 30], [2, 68], [6, 2]], random),
    tpep_pickup_datetime: timeOf(second),
    tpep_dropoff_datetime: timeOf(second + Math.floor(120 + trip_distance * between(150, 330))),
    passenger_count: pickFrom([[1, 72], [2, 14], [3, 5], [4, 3], [5, 4], [6, 2]], random),
    trip_distance,
    RatecodeID: pickFrom([[1, 95], [2, 3], [3, 1], [5, 1]], random),
    store_and_fwd_flag: random() < 0.01 ? "Y" : "N",
    PULocationID: zone(random),
    DOLocationID: zone(random),
    payment_type: byCard ? 1 : 2,
    fare_amount,
    extra,
    mta_tax: 0.5,
    tip_amount,
    tolls_amount,
    improvement_surcharge: 0.3,
    total_amount: cents(
      fare_amount + extra + 0.8 + tip_amount + tolls_amount + congestion_surcharge,
    ),
    congestion_surcharge,
  };
}

/** Epoch ms of a ride's pickup. */
export function pickupMs({ tpep_pickup_datetime }: LoadedRide): number {
  return Date.parse(`${tpep_pickup_datetime.replace(" ", "T")}Z`);
}

function timeOf(second: number): string {
  return new Date(DAY_BEGINS_MS + second * 1_000).toISOString().slice(0, 19).replace("T", " ");
}

function zone(random: Random): number {
  return 1 + Math.floor(random() * 265);
}

function cents(value: number): number {
  return Math.round(value * 100) / 100;
}
