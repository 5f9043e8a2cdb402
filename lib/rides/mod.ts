/**
 * Taxi rides: from the TLC's files to typed rides, at the pace you like.
 *
 * @example Six rides of the sample, and how they look on the topic
 * ```ts
 * import assert from "node:assert/strict";
 * import { pace, readRides, rideJson, rideKey, rideKeyJson, sampleFile } from "./mod.ts";
 * const six = await Array.fromAsync(pace(readRides(sampleFile(), { limit: 6 }), Infinity));
 * assert.equal(six.length, 6);
 * const key = rideKeyJson.encode(rideKey(six[0]!));
 * assert.equal(new TextDecoder().decode(key), '{"vendorId":1}');
 * assert.deepEqual(rideJson.decode(rideJson.encode(six[0]!)), six[0]);
 * ```
 *
 * @module
 */

export { type JsonSerde, rideJson, rideKey, rideKeyJson } from "./json.ts";
export { latenessMs } from "./lateness.ts";
export { pace, type PaceClock, type PaceOptions } from "./pace.ts";
export { readCsv } from "./read_csv.ts";
export { readParquet } from "./read_parquet.ts";
export { readRides, type ReadRidesOptions } from "./read_rides.ts";
export {
  type GoodRow,
  type MalformedRow,
  pickupTimeMs,
  type RideValue,
  type Row,
  type TaxiRide,
  type TaxiRideKey,
} from "./ride.ts";
export { SAMPLE_HEADER, type SampleOptions, sampleRides } from "./sample.ts";
export { sampleFile } from "./sample_file.ts";
export type { Source } from "./source.ts";
export { tlcTime, tlcTimeMs } from "./tlc_time.ts";
export { readTrips, type RideEnd, type RideStart, type Trips } from "./trips.ts";
export { readZones, type TaxiZone, zonesFile } from "./zones.ts";
