/** The seed's `stream.py`: prints every ride. */
import { type App, app } from "../lib/streams/mod.ts";
import { RIDES } from "./ride_topic.ts";

/** @param appId Group. The seed's own is `datatalksclub.stream.v2`. */
export function stream(appId = "datatalksclub.stream.v2.stream"): App {
  const reader = app(appId);
  reader.stream(RIDES).foreach((ride) => console.log(JSON.stringify(ride)));
  return reader;
}
