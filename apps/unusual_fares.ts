/** A stream–table join (notebook 15): rides that cost more than twice their vendor's average so far. */
import { ownName } from "../lib/settings/mod.ts";
import { type App, app, int64, json } from "../lib/streams/mod.ts";
import { RIDES } from "./ride_topic.ts";

/** Topic of the rides that stand out. */
export const UNUSUAL_FARES = ownName("taxi.unusual_fares");

/** What a vendor's rides cost so far. */
interface Fares {
  readonly rides: number;
  readonly dollars: number;
}

/** @param appId Group, and beginning of the internal topics' names. */
export function unusualFares(appId = "taxi.unusual_fares"): App {
  const program = app(ownName(appId));
  // Written once more by vendor, for the table and for the rides that look their vendor up in it.
  const rides = program.stream(RIDES).selectKey((ride) => ride.vendorId, { key: int64 })
    .repartition("by_vendor");
  const fares = rides.groupByKey().aggregate<Fares>("vendor_fares", {
    init: () => ({ rides: 0, dollars: 0 }),
    add: ({ rides, dollars }, ride) => ({
      rides: rides + 1,
      dollars: dollars + ride.total_amount,
    }),
  }, { value: json<Fares>() });
  rides.join(fares, (ride, { rides, dollars }) => ({ ...ride, average: dollars / rides }))
    .filter(({ total_amount, average }) => total_amount > 2 * average)
    .to(UNUSUAL_FARES);
  return program;
}
