/** The seed's `windowing.py`: rides per vendor and minute. */
import { ownName } from "../lib/settings/mod.ts";
import { type App, app, int64, tumbling } from "../lib/streams/mod.ts";
import { ridesBy, type RideTime } from "./ride_topic.ts";

/** Which clock a ride is counted by, and how long a minute waits for late rides. */
export interface WindowingOptions {
  /** `record`: when it was produced, as the seed does; `pickup`: when it began. @default "record" */
  readonly time?: RideTime;
  /** @default an hour, after which the seed's windows expire */
  readonly graceMs?: number;
}

/** @param appId Group, and beginning of the internal topics' names. The seed's own is `datatalksclub.stream.v2`. */
export function windowing(
  appId = "datatalksclub.stream.v2.windowing",
  { time = "record", graceMs = 3_600_000 }: WindowingOptions = {},
): App {
  const windows = app(ownName(appId));
  const counts = windows.stream(ridesBy(time))
    .groupBy("vendor_rides_windowed", (ride) => ride.vendorId, { key: int64 })
    .windowedBy(tumbling({ sizeMs: 60_000, graceMs }))
    .count("vendor_rides_windowed", { retentionMs: Infinity });
  // A ride that missed its minute is counted too: windows and late rides together are all rides.
  counts.late.groupByKey().count("late_rides");
  return windows;
}
