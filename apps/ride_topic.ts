import { rideJson } from "../lib/rides/mod.ts";
import { ownName } from "../lib/settings/mod.ts";
import { bytes, topic } from "../lib/streams/mod.ts";

/**
 * The seed's topic of rides: value a `RideValue`. The programs count and branch by the ride alone, so a key may be whatever its
 * producer wrote: it is passed on as it is.
 */
export const RIDES = topic(ownName("datatalkclub.yellow_taxi_ride.json"), {
  key: bytes,
  value: rideJson,
  nullable: false,
});
