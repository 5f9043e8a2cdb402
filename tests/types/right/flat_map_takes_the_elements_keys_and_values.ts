import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, stream } from "../prelude.ts";

gives<Stream<string, number>>()(
  () => stream.flatMap((ride) => [{ key: ride.vendor, value: ride.fare }]),
);
