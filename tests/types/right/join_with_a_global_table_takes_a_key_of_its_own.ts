import { type Stream } from "../../../lib/streams/mod.ts";
import { everywhere, gives, stream } from "../prelude.ts";

gives<Stream<string, string>>()(
  () => stream.join(everywhere, (ride) => ride.vendor, (ride, zone) => ride.vendor + zone.borough),
);
