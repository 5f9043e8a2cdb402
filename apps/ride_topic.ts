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

/** Which clock rides are counted by: `record`, when they were produced, or `pickup`, when they began. */
export type RideTime = "record" | "pickup";

/** The same topic, by either clock. */
export function ridesBy(time: RideTime): typeof RIDES {
  if (time === "record") return RIDES;
  return topic(RIDES.name, {
    key: RIDES.key,
    value: RIDES.value,
    nullable: false,
    timestamp: (ride) => ride.tpep_pickup_datetime ?? noPickup(),
  });
}

function noPickup(): never {
  throw new TypeError(
    '"tpep_pickup_datetime" is missing, which --time pickup needs and --time record does not',
  );
}
