import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, stream } from "../prelude.ts";

gives<Stream<string, number>>()(
  () => stream.mapValues((ride) => ride.fare),
);
