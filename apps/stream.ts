/** The seed's `stream.py`: an agent that prints every ride. */
import { ownName } from "../lib/settings/mod.ts";
import { type App, app } from "../lib/streams/mod.ts";
import { RIDES } from "./ride_topic.ts";

/** @param appId Group. The seed's own is `datatalksclub.stream.v2`. */
export function stream(appId = "datatalksclub.stream.v2.stream"): App {
  const reader = app(ownName(appId));
  reader.agent(RIDES, async function startReading(rides) {
    for await (const ride of rides) console.log(JSON.stringify(ride));
  });
  return reader;
}
