/** Bursts of rides: per vendor, rides with no pause of more than ten seconds between them (notebook 12). */
import { ownName } from "../lib/settings/mod.ts";
import { type App, app, int64, session } from "../lib/streams/mod.ts";
import { ridesBy } from "./ride_topic.ts";
import type { WindowingOptions } from "./windowing.ts";

/** A longer pause ends a burst. */
const GAP_MS = 10_000;

/** @param appId Group, and beginning of the internal topics' names. */
export function rideSessions(
  appId = "taxi.ride_sessions",
  { time = "record", graceMs = 3_600_000 }: WindowingOptions = {},
): App {
  const sessions = app(ownName(appId));
  const counts = sessions.stream(ridesBy(time))
    .groupBy("vendor_sessions", (ride) => ride.vendorId, { key: int64 })
    .windowedBy(session({ gapMs: GAP_MS, graceMs }))
    .count("vendor_sessions", { retentionMs: Infinity });
  counts.late.groupByKey().count("late_rides");
  return sessions;
}
