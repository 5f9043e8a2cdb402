import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, stream } from "../prelude.ts";

gives<Stream<number, string>>()(
  () => stream.map((ride) => ({ key: ride.fare, value: ride.vendor })),
);
