import { rideJson, rideKeyJson } from "../lib/rides/mod.ts";
import { topic } from "../lib/streams/mod.ts";

/** The seed's topic of rides, typed: key `{ vendorId }`, value a `RideValue`. */
export const RIDES = topic("datatalkclub.yellow_taxi_ride.json", {
  key: rideKeyJson,
  value: rideJson,
  nullable: false,
});
