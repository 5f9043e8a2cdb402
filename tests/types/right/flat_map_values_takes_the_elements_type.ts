import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, stream } from "../prelude.ts";

gives<Stream<string, string>>()(
  () => stream.flatMapValues((ride) => [ride.vendor, "x"]),
);
