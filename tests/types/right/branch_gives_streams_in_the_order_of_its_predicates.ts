import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, type Ride, stream } from "../prelude.ts";

gives<Stream<string, Ride>[]>()(
  () => stream.branch((ride) => ride.fare < 40, () => true),
);
