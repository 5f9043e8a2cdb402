/** The seed's `stream_count_vendor_trips.py`: how many rides each vendor has had. */
import { ownName } from "../lib/settings/mod.ts";
import { type App, app, int64 } from "../lib/streams/mod.ts";
import { RIDES } from "./ride_topic.ts";

/** @param appId Group, and beginning of the internal topics' names. The seed's own is `datatalksclub.stream.v2`. */
export function countVendorTrips(appId = "datatalksclub.stream.v2.stream_count_vendor_trips"): App {
  const trips = app(ownName(appId));
  trips.stream(RIDES)
    .groupBy("vendor_rides", (ride) => ride.vendorId, { key: int64 })
    .count("vendor_rides");
  return trips;
}
