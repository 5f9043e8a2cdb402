import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, type Ride, stream } from "../prelude.ts";

gives<Stream<string, Ride>>()(
  () => stream.filter((ride) => ride.fare > 0).filterNot((ride) => ride.fare > 99).peek(() => {}),
);
