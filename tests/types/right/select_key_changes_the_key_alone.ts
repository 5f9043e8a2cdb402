import { int64, type Stream } from "../../../lib/streams/mod.ts";
import { gives, type Ride, stream } from "../prelude.ts";

gives<Stream<number, Ride>>()(
  () => stream.selectKey((ride) => ride.fare, { key: int64 }),
);
