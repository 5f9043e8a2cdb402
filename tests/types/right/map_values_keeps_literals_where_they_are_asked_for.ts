import { type Stream } from "../../../lib/streams/mod.ts";
import { gives, stream } from "../prelude.ts";

gives<Stream<string, "low" | "high">>()(
  () => stream.mapValues((ride) => ride.fare < 40 ? "low" as const : "high" as const),
);
