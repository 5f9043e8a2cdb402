/** The seed's `branch_price.py`: rides from 40 dollars on go to one topic, cheaper ones to another. */
import { ownName } from "../lib/settings/mod.ts";
import { type App, app } from "../lib/streams/mod.ts";
import { RIDES } from "./ride_topic.ts";

/** Topics of the two branches; key and value of a ride stay as they are. */
export const HIGH_AMOUNT = ownName("datatalks.yellow_taxi_rides.high_amount");
export const LOW_AMOUNT = ownName("datatalks.yellow_taxi_rides.low_amount");

/** @param appId Group. The seed's own is `datatalksclub.stream.v3`. */
export function branchPrice(appId = "datatalksclub.stream.v3.branch_price"): App {
  const prices = app(ownName(appId));
  const { high, rest } = prices.stream(RIDES)
    .split({ high: (ride) => ride.total_amount >= 40 });
  high.to(HIGH_AMOUNT);
  rest.to(LOW_AMOUNT);
  return prices;
}
