import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, stream, table } from "../prelude.ts";

gives<Stream<string, string>>()(
  () => stream.join(table, (ride, zone) => ride.vendor + zone.borough),
);
